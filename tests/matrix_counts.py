"""`python -m tests.matrix_counts`: ask the whole matrix of access in one process, and print how much was asked."""

import pytest

if __name__ == "__main__":
    failed = pytest.main(["tests/test_matrix.py", "-q", "-p", "no:cacheprovider"])
    # Its models can be imported only now that the run has set up Django.
    from tests import matrix

    print(matrix.counts())
    raise SystemExit(failed)
