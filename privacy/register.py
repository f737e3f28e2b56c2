"""The register of processing as the software itself knows it: what is held of whom, why, who sees it, for how long.

`HELD` and `NOT_PERSONAL` name every field that points to a person or takes free text; tests/privacy/test_register.py
walks all models and refuses one that is missing. What is of an installation alone (who answers for it, whom to ask) is
data (`models.Controller`).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Category:
    """One row of the register. `sensitive` is what tells of party membership (Law 91/2025/QH15)."""

    name: str
    whose: str
    purpose: str
    basis: str
    seen_by: str
    kept: str
    sensitive: bool = False


USERS = _("Người dùng cổng")
TASK = _("Thực hiện nhiệm vụ của tổ chức đảng, cơ quan theo thẩm quyền; quy chế sử dụng cổng")
SECURITY = _("Bảo đảm an toàn hệ thống")

CATEGORIES = {
    "account": Category(
        name=_("Tài khoản: họ tên, tên đăng nhập, số điện thoại, thư điện tử"),
        whose=USERS,
        purpose=_("Đăng nhập, ghi ai làm việc gì, nhắc việc"),
        basis=TASK,
        seen_by=_("Chính người ấy; quản trị trong phạm vi; họ tên: người cùng làm hồ sơ"),
        kept=_("Khi tài khoản còn dùng; ngừng rồi thì số điện thoại và thư được xóa theo thời hạn dưới đây"),
    ),
    "posts": Category(
        name=_("Vai trò ở đơn vị, chức danh, ủy quyền, vắng mặt, khai xung đột"),
        whose=USERS,
        purpose=_("Giao quyền đúng người, đúng phạm vi; tránh thẩm định hồ sơ của mình"),
        basis=TASK,
        seen_by=_("Chính người ấy; quản trị và Ban trong phạm vi"),
        kept=_("Cùng nhật ký, vì nhật ký chỉ ghi số của người"),
        sensitive=True,
    ),
    "security": Category(
        name=_("Mật khẩu, mã, lớp xác minh thứ hai (chỉ bản băm hoặc mã hóa), phiên, lần thử đăng nhập"),
        whose=USERS,
        purpose=_("Chỉ đúng người vào được tài khoản"),
        basis=SECURITY,
        seen_by=_("Không ai đọc được"),
        kept=_("Theo thời hạn dưới đây"),
    ),
    "acts": Category(
        name=_(
            "Nhật ký: ai làm gì, lúc nào, cho đơn vị nào (người ghi bằng số, không ghi tên; lý do thì ghi nguyên văn)"
        ),
        whose=USERS,
        purpose=_("Chứng minh ai đã gửi, thẩm định, quyết định, xác nhận"),
        basis=_("Trách nhiệm giải trình; lưu trữ hồ sơ"),
        seen_by=_("Người trong phạm vi hồ sơ; quản trị"),
        kept=_("Không xóa; tên gắn với số thì xóa được, lý do đã ghi thì không"),
    ),
    "told": Category(
        name=_("Thông báo, lời nhắc, thư và cách muốn được báo"),
        whose=USERS,
        purpose=_("Báo việc đến đúng người"),
        basis=TASK,
        seen_by=_("Chỉ người nhận"),
        kept=_("Theo thời hạn dưới đây"),
    ),
    "typed": Category(
        name=_("Nội dung đang gõ chưa gửi, mẫu đã gửi, bộ lọc và câu mẫu của riêng mình"),
        whose=USERS,
        purpose=_("Không mất nội dung khi mạng hoặc phiên ngắt"),
        basis=TASK,
        seen_by=_("Chỉ người gõ"),
        kept=_("Theo thời hạn dưới đây"),
    ),
    "members": Category(
        name=_("Họ tên, chức danh, việc đăng ký và kết quả của đảng viên"),
        whose=_("Đảng viên đăng ký làm theo"),
        purpose=_("Đăng ký, theo dõi và xác nhận việc làm theo của cá nhân"),
        basis=_("Quy định của Đảng về học tập và làm theo Bác; nhiệm vụ của chi bộ"),
        seen_by=_("Trong chi bộ; cấp trên chỉ thấy chức danh và số, trừ khi đợt quy định khác"),
        kept=_("Cùng hồ sơ của chi bộ; họ tên xóa được"),
        sensitive=True,
    ),
    "exemplars": Category(
        name=_("Họ tên, chức danh, việc làm của cá nhân điển hình; người được ghi nhận; phiếu đồng ý"),
        whose=_("Cá nhân điển hình, người được khen"),
        purpose=_("Nêu gương, biểu dương, nhân rộng"),
        basis=_("Sự đồng ý của người ấy, rút lại được bất cứ lúc nào"),
        seen_by=_("Người dùng cổng trong đảng bộ, khi sự đồng ý còn"),
        kept=_("Đến khi rút lại sự đồng ý"),
        sensitive=True,
    ),
    "files": Category(
        name=_("Ảnh, minh chứng, bản ký, tệp đính kèm"),
        whose=_("Người có trong ảnh, trong tệp; người ký"),
        purpose=_("Chứng minh kết quả; giữ bản giấy đã ký"),
        basis=_("Nhiệm vụ của đơn vị; đăng ảnh: sự đồng ý"),
        seen_by=_("Đơn vị, cấp trên, Ban thẩm định; ảnh đã đồng ý: Kho mô hình hay"),
        kept=_("Cùng hồ sơ; vị trí chụp và thông tin máy ảnh bị bỏ ngay khi tải lên"),
    ),
    "texts": Category(
        name=_("Lời văn trong hồ sơ, nhận xét, báo cáo, biên bản (có thể nhắc tên người)"),
        whose=_("Người viết; người được nhắc tên"),
        purpose=_("Đăng ký, thẩm định, báo cáo"),
        basis=TASK,
        seen_by=_("Người trong phạm vi hồ sơ"),
        kept=_("Cùng hồ sơ; người thụ hưởng không nêu tên"),
    ),
    "made": Category(
        name=_("Tệp cổng lập ra: danh sách, báo cáo, bản trích, văn bản phát hành"),
        whose=_("Người có tên trong tệp"),
        purpose=_("In, ký, lưu, báo cáo"),
        basis=TASK,
        seen_by=_("Người lập; văn bản phát hành: nơi nhận"),
        kept=_("Theo thời hạn dưới đây; văn bản đã phát hành giữ nguyên theo quy định về lưu trữ"),
    ),
    "access": Category(
        name=_("Ai đã xem, đã lấy dữ liệu cá nhân của ai; yêu cầu xóa"),
        whose=USERS,
        purpose=_("Người được xem và đơn vị biết ai đã xem"),
        basis=_("Nghĩa vụ ghi nhật ký xử lý dữ liệu cá nhân"),
        seen_by=_("Chính người ấy; bí thư, cấp ủy của đơn vị người ấy"),
        kept=_("Theo thời hạn dưới đây"),
    ),
}

# model → {category: the fields that point to a person or may say something of one}
HELD: dict[str, dict[str, str]] = {
    "account.EmailAddress": {"account": "user email"},
    "backups.Backup": {"acts": "by"},
    "completion.Correction": {"acts": "asked_by decided_by", "texts": "reason answer"},
    "completion.Extract": {"acts": "made_by", "made": "title"},
    "completion.ExtractFile": {"made": "file"},
    "completion.ItemList": {"members": "lines"},
    "completion.Pack": {"acts": "made_by", "made": "title"},
    "completion.PackFile": {"made": "file"},
    "completion.PackWish": {"told": "person"},
    "completion.PublishedTable": {"acts": "entered_by decided_by", "texts": "reason answer"},
    "completion.SourceDocument": {"files": "name file thumbnail"},
    "completion.Taken": {"acts": "by"},
    "completion.WeeklyWish": {"told": "person said"},
    "journal.Digest": {"told": "recipient"},
    "journal.Event": {"acts": "actor on_behalf_of detail"},
    "journal.Job": {"made": "owner title arguments result message file"},
    "journal.Notice": {"told": "recipient text translated link"},
    "journal.NoticeChoice": {"told": "person"},
    "journal.Reminder": {"told": "recipient text translated link"},
    "journal.SentForm": {"typed": "person leads_to"},
    "journal.TypedText": {"typed": "person key copy"},
    "mfa.Authenticator": {"security": "user data"},
    "models_registry.Attachment": {"acts": "added_by signed_by", "files": "name file thumbnail"},
    "models_registry.Comment": {"acts": "author", "texts": "text"},
    "models_registry.ConflictDeclaration": {"posts": "person reason lift_reason", "acts": "declared_by lifted_by"},
    "models_registry.ConflictOverride": {"posts": "person reason answer", "acts": "requested_by answered_by"},
    "models_registry.Consent": {"acts": "recorded_by withdrawn_by", "exemplars": "who file name thumbnail"},
    "models_registry.Dossier": {"acts": "author submitted_by", "texts": "title folded tags"},
    "models_registry.DossierVersion": {"acts": "submitted_by", "members": "content"},
    "models_registry.Exemplar": {"exemplars": "name folded_name position evidence"},
    "models_registry.Extension": {"acts": "by", "texts": "reason"},
    "models_registry.KnownSentence": {"texts": "text"},
    "models_registry.Obligation": {"acts": "exempted_by", "texts": "exempt_reason"},
    "models_registry.OpenDraft": {"typed": "person"},
    "models_registry.PracticeModel": {
        "texts": "situation goal learning following example_setting solutions place target_group beneficiaries"
        " resources upkeep spread"
    },
    "models_registry.PracticeOutput": {"texts": "name"},
    "models_registry.Publication": {"acts": "published_by withdrawn_by", "texts": "summary reason"},
    "models_registry.Recognition": {"acts": "recorded_by withdrawn_by", "exemplars": "name position note reason"},
    "models_registry.Remark": {"acts": "asked_by answered_by", "texts": "text answer"},
    "models_registry.SentenceUse": {"texts": "passage"},
    "models_registry.Vote": {"acts": "person"},
    "models_registry.WorkItem": {
        "members": "subject_name subject_position assignee accountable title expected_result folded"
    },
    "organizations.FormerName": {"account": "person full_name"},
    "organizations.HeadCount": {"acts": "recorded_by", "texts": "exempt_reason"},
    "organizations.Person": {"account": "username phone email full_name folded_name sort_key", "security": "password"},
    "organizations.PlannedReorganisation": {"acts": "made_by ended_by", "texts": "note asked shown differed"},
    "organizations.Post": {"posts": "person title"},
    "organizations.Reorganisation": {"acts": "recorded_by", "texts": "note"},
    "organizations.ResetCode": {"security": "person code_hash", "acts": "made_by"},
    "organizations.RecoveryCode": {"security": "person code_hash"},
    "organizations.Roster": {"acts": "owner", "account": "name file"},
    "organizations.Session": {"security": "person session_key session_data"},
    "organizations.SignInAttempts": {"security": "key"},
    "privacy.Controller": {"acts": "changed_by", "account": "name address contact officer officer_contact"},
    "privacy.RetentionChoice": {"acts": "changed_by"},
    "privacy.Look": {"access": "person key", "acts": "viewer"},
    "privacy.Erasure": {"access": "person reference reason named counts", "acts": "asked_by answered_by"},
    "progress.ChangeRequest": {"acts": "asked_by decided_by", "texts": "reason answer"},
    "progress.CompletionReport": {"acts": "prepared_by reported_by", "texts": "result"},
    "progress.Evidence": {"files": "name file thumbnail"},
    "progress.Fact": {"acts": "by", "texts": "reason"},
    "progress.QuarterDraft": {"acts": "saved_by", "typed": "typed"},
    "progress.QuarterlyCheck": {"acts": "recorded_by", "texts": "remark"},
    "progress.QuarterlyReport": {"acts": "sent_by", "texts": "results difficulties next_steps"},
    "progress.ReportExemption": {"acts": "exempted_by lifted_by", "texts": "reason"},
    "progress.ThematicMeeting": {"acts": "recorded_by", "texts": "topic conclusions"},
    "reviews.Absence": {"posts": "person reason", "acts": "made_by"},
    "reviews.Announcement": {"acts": "by"},
    "reviews.Assignment": {"acts": "appraiser assigned_by sent_back_by", "texts": "proposed_reason sent_back_reason"},
    "reviews.AssignmentRule": {"acts": "appraiser made_by"},
    "reviews.Bulk": {"acts": "by", "texts": "given"},
    "reviews.BulkLine": {"texts": "why"},
    "reviews.CannedRemark": {"typed": "by text"},
    "reviews.Decision": {"acts": "by", "texts": "reason"},
    "reviews.IssuedPaper": {"acts": "issued_by", "made": "title signer word pdf"},
    "reviews.Judgement": {"acts": "appraiser", "texts": "remark"},
    "reviews.Look": {"acts": "person"},
    "reviews.Reopening": {"acts": "by", "texts": "reason"},
    "reviews.SavedFilter": {"typed": "person name address"},
    "reviews.Session": {"texts": "title place chair secretary attendees absent conclusion"},
    "reviews.SessionPoint": {"texts": "discussion conclusion"},
    "reviews.Signal": {"acts": "person", "texts": "facts"},
    "reviews.SignalAnswer": {"acts": "by", "texts": "note"},
    "reviews.SignalPart": {"texts": "note"},
    "sessions.Session": {"security": "session_key session_data"},
}

# Text that says nothing of a person: names of units, codes, digests, what administrators and boards publish.
NOT_PERSONAL: dict[str, str] = {
    "account.EmailConfirmation": "key",
    "backups.Backup": "folder journal_head reason remark differences trial_reason",
    "completion.BridgeStep": "rate kind step works",
    "completion.Comparison": "rate bounds",
    "completion.CorrectionLine": "was becomes",
    "completion.Extract": "code issuer word_sha256 pdf_sha256 workbook_sha256",
    "completion.FrozenUnit": "code name kind path sort_key",
    "completion.Pack": "code issuer word_sha256 pdf_sha256 workbook_sha256",
    "completion.Period": "ongoing_due",
    "completion.PublishedFigure": "unit_kind label printed_rate source",
    "completion.PublishedTable": "title symbol issuer rows",
    "completion.Revision": "rule_version input_hash journal_head",
    "completion.SourceDocument": "content_type digest finding",
    "journal.Event": "verb role subject",
    "journal.Job": "task request_id",
    "journal.Lease": "name",
    "journal.Link": "previous hash",
    "journal.Reminder": "kind",
    "journal.SentForm": "key",
    "models_registry.Attachment": "content_type digest finding",
    "models_registry.Consent": "content_type digest finding",
    "models_registry.Criterion": "code text levels",
    "models_registry.CriterionSet": "name",
    "models_registry.Dossier": "programmes lacking",
    "models_registry.MeasureUnit": "code name",
    "models_registry.OpenDraft": "window",
    "models_registry.Recognition": "award document_symbol",
    "models_registry.RegistrationRound": "name target_kinds",
    "models_registry.Remark": "place",
    "models_registry.ResolutionTarget": "text document_symbol",
    "models_registry.Shortcoming": "text source",
    "models_registry.SpecialDays": "name",
    "models_registry.Theme": "title document_symbol",
    "models_registry.WorkItem": "code",
    "organizations.PlannedReorganisation": "number stopped_because",
    "organizations.Reorganisation": "number",
    "organizations.Succession": "old_name new_name folded_old_name",
    "organizations.Unit": "code name path folded_name sort_key",
    "privacy.RetentionChoice": "key",
    "progress.Evidence": "content_type digest finding",
    "reviews.Bulk": "act",
    "reviews.IssuedPaper": "code issuer unit_symbol symbol place word_sha256 pdf_sha256",
    "reviews.Judgement": "mark",
    "reviews.Signal": "key",
    "reviews.SignalPart": "key",
}

# Tables whose rows are one person's own: given away whole with that person's data, by the field that points to them.
OWN = {
    "account.EmailAddress": "user",
    "completion.PackWish": "person",
    "completion.WeeklyWish": "person",
    "journal.NoticeChoice": "person",
    "journal.Notice": "recipient",
    "journal.Reminder": "recipient",
    "journal.TypedText": "person",
    "journal.Job": "owner",
    "models_registry.Comment": "author",
    "models_registry.ConflictDeclaration": "person",
    "models_registry.Vote": "person",
    "organizations.FormerName": "person",
    "organizations.Post": "person",
    "reviews.Absence": "person",
    "reviews.CannedRemark": "by",
    "reviews.SavedFilter": "person",
}
# Never given to anybody, the person included: with them one could sign in.
UNREADABLE = "security"


def fields_of(model: str) -> dict[str, str]:
    """Return {field: category key} of what a model holds of people."""
    return {field: key for key, names in HELD.get(model, {}).items() for field in names.split()}
