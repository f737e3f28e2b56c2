"""What hashing passwords may cost one process at once."""

from threading import Thread

from django.contrib.auth.hashers import get_hashers
from django.test import override_settings

from organizations import hashers
from portal.settings import people


@override_settings(PASSWORD_HASHERS=people.PASSWORD_HASHERS)
def test_only_so_many_passwords_are_looked_at_at_once_and_the_next_waits_its_turn():
    argon2 = get_hashers()[0]
    encoded, answers = argon2.encode("một câu dài", "muoi" * 4), []
    checks = [Thread(target=lambda: answers.append(argon2.verify("một câu dài", encoded))) for _ in range(3)]
    for _ in range(hashers.AT_ONCE):
        hashers._turns.acquire()
    for check in checks:
        check.start()
    checks[0].join(1)
    assert answers == []
    for _ in range(hashers.AT_ONCE):
        hashers._turns.release()
    for check in checks:
        check.join(10)
    assert answers == [True, True, True]
