"""Which of one's posts one acts in, as the session keeps it; the posts themselves are organizations' business."""

SESSION_KEY = "post"


def act_in(request, post_id: int | None) -> bool:
    """Act in one of one's own current posts from the next page on; False where it is none of them."""
    if not any(post.pk == post_id for post in request.posts):
        return False
    request.session[SESSION_KEY] = post_id
    return True
