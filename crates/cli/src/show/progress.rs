//! How far long work is: on standard error, and only where that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Of so many; `None` while nobody knows.
    pub(crate) fn new(total: Option<u64>, what: &'static str) -> Self {
        // Hidden by itself where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let progress = Self(bar);
        progress.style(total);
        progress.0.set_message(what);
        progress
    }

    fn style(&self, total: Option<u64>) {
        let template = match total {
            Some(_) => "{msg} {wide_bar} {pos}/{len} {eta}",
            None => "{msg} {spinner} {pos} in {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style);
        }
    }

    /// As told from now on.
    pub(crate) fn at(&self, position: u64, total: Option<u64>) {
        if self.0.length() != total
            && let Some(total) = total
        {
            self.0.set_length(total);
            self.style(Some(total));
        }
        self.0.set_position(position);
        self.0.tick();
    }

    pub(crate) fn done(self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
