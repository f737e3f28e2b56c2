"""What one agrees to when one agrees to be named or shown: the words, by version, and how long since they hold."""

from django.utils.translation import gettext_lazy as _

NAMED, SHOWN = "named", "shown"

# A version is never changed, only followed by another: a consent holds what was agreed to then.
WORDS = {
    1: {
        NAMED: _(
            "Tôi đồng ý để họ tên và việc làm của tôi được nêu trong mô hình này, cho những người dùng cổng trong "
            "đảng bộ đọc, nhằm giới thiệu và nhân rộng việc làm tốt. Tôi có thể rút lại bất cứ lúc nào, không phải nêu "
            "lý do; khi đó họ tên được gỡ ngay."
        ),
        SHOWN: _(
            "Tôi đồng ý để ảnh có tôi được đăng cùng mô hình này, cho những người dùng cổng trong đảng bộ xem, nhằm "
            "giới thiệu và nhân rộng việc làm tốt. Tôi có thể rút lại bất cứ lúc nào, không phải nêu lý do; khi đó ảnh "
            "được gỡ ngay."
        ),
    }
}
LATEST = max(WORDS)
