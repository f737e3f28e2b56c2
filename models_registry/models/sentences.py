"""Sentences of what was sent, kept so that like ones are found within a board and year."""

from django.db import models


class KnownSentence(models.Model):
    """One sentence as it is compared (`advice.compared`), once for each board and plan year."""

    body = models.ForeignKey("organizations.Unit", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    digest = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "year", "digest"], name="sentence_known_once")]

    def __str__(self) -> str:
        return self.text


class SentenceMark(models.Model):
    """One of the marks (`advice.signature`) a sentence is found by."""

    sentence = models.ForeignKey(KnownSentence, on_delete=models.CASCADE, related_name="marks")
    mark = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["mark"], include=["sentence"], name="sentence_by_mark")]

    def __str__(self) -> str:
        return f"{self.sentence_id} {self.mark}"


class SentenceUse(models.Model):
    """A dossier whose newest sent version holds the sentence, and how it is written there."""

    sentence = models.ForeignKey(KnownSentence, on_delete=models.CASCADE, related_name="uses")
    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.CASCADE, related_name="sentences")
    passage = models.TextField()
    is_title = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.passage
