"""What privacy's pages ask."""
