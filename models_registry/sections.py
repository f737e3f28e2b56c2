"""The sections of a dossier, in the order they are filled and read, and what stands in each."""

from django.utils.translation import gettext_lazy

PRACTICE_FIELDS = (
    "situation",
    "goal",
    "learning",
    "following",
    "example_setting",
    "solutions",
    "place",
    "target_group",
    "beneficiaries",
    "resources",
    "upkeep",
    "spread",
)

MODEL_SECTIONS = {
    "general": gettext_lazy("Thông tin chung"),
    "reasons": gettext_lazy("Thực trạng và mục tiêu"),
    "contents": gettext_lazy("Ba nội dung"),
    "targets": gettext_lazy("Chỉ tiêu nghị quyết"),
    "shortcomings": gettext_lazy("Tồn tại, hạn chế"),
    "exemplars": gettext_lazy("Cá nhân điển hình"),
    "solutions": gettext_lazy("Giải pháp và nguồn lực"),
    "works": gettext_lazy("Lộ trình, phần việc"),
    "outputs": gettext_lazy("Sản phẩm, kết quả"),
    "upkeep": gettext_lazy("Duy trì và nhân rộng"),
    "files": gettext_lazy("Tệp đính kèm"),
}
SHEET_SECTIONS = {
    "general": gettext_lazy("Thông tin chung"),
    "collective": gettext_lazy("Việc của tập thể"),
    "issues": gettext_lazy("Vấn đề bức xúc, nổi cộm"),
    "individual": gettext_lazy("Việc của cá nhân"),
    "files": gettext_lazy("Tệp đính kèm"),
}
# Which practice fields stand in which section.
SECTION_FIELDS = {
    "general": ("place", "target_group", "beneficiaries"),
    "reasons": ("situation", "goal"),
    "contents": ("learning", "following", "example_setting"),
    "solutions": ("solutions", "resources"),
    "upkeep": ("upkeep", "spread"),
}
ITEM_SECTIONS = {"works": "COL", "collective": "COL", "issues": "ISS", "individual": "IND"}


def sections_of(*, is_model: bool) -> dict:
    """Return {key: title} of a dossier's sections, in the order they are filled and read."""
    return MODEL_SECTIONS if is_model else SHEET_SECTIONS
