//! Formatting of values as Python has it: `'%5.2f' % x` and `'{:>5.2f}'.format(x)`.

mod braces;
mod numbers;
mod percent;

pub(crate) use self::{braces::brace_format, percent::percent_format};
