"""A progress bar for commands: on a terminal only, so that pipes and logs stay clean."""


class ProgressBar:
    """Call it with (done, total); it draws one line over and over and ends it when all is done."""

    WIDTH = 30

    def __init__(self, stream, label: str):
        self.stream = stream
        self.label = label
        self.shown = ""
        self.on_terminal = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, done: int, total: int) -> None:
        if not self.on_terminal:
            return
        filled = self.WIDTH * done // total if total else self.WIDTH
        line = f"{self.label} [{'█' * filled}{'·' * (self.WIDTH - filled)}] {100 * done // (total or 1)}%"
        if line != self.shown:
            self.shown = line
            self.stream.write(f"\r{line}", ending="\n" if done >= total else "")
            self.stream.flush()
