"""What people type about approved items: filters, reports, requests, quarterly papers."""
