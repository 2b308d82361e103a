//! The two ways of talking with whoever breaks the cluster.

use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, channel};

use super::{publisher::Publisher, subscribers::Subscriber};

/// Words that may wait to be heard.
const WORDS_MAX: usize = 64;

/// What is heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// From now on it is this phase.
    Phase(String),
    /// No further events.
    Finish,
}

impl Word {
    fn parse(line: &str) -> Option<Self> {
        match line.trim().split_once(' ') {
            Some(("phase", name)) => Some(Self::Phase(name.trim().to_owned())),
            None if line.trim() == "finish" => Some(Self::Finish),
            _ => None,
        }
    }
}

/// Lines of standard input; their end is the end of the words.
pub(super) fn words() -> Receiver<Word> {
    let (sender, receiver) = channel(WORDS_MAX);
    // A thread of its own: standard input cannot be waited for otherwise.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if let Some(word) = Word::parse(&line)
                && sender.blocking_send(word).is_err()
            {
                return;
            }
        }
    });
    receiver
}

/// How things stand: what was accepted, and what of it the webhook for everything has not got.
pub(super) fn standing(publisher: &Publisher, subscribers: &[Subscriber]) -> Value {
    let (accepted, waiting) = publisher.standing();
    let everything = subscribers.iter().find(|one| one.share.is_none());
    let delivered = everything.map_or(0, |one| one.route.tally().accepted());
    json!({"accepted": accepted, "waiting": waiting, "delivered": delivered})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_words_and_nothing_else() {
        let phase = |name: &str| Some(Word::Phase(name.to_owned()));
        assert_eq!(Word::parse("phase kill api\n"), phase("kill api"));
        assert_eq!(Word::parse("finish"), Some(Word::Finish));
        assert_eq!(Word::parse("phase"), None);
        assert_eq!(Word::parse("stop it"), None);
    }
}
