use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use crate::value::Value;

/// The variables of a template, a loop's turn, a macro's call or a `with`, within those around it.
pub(crate) struct Scope<'a> {
    variables: RefCell<Vec<(&'a str, Value<'a>)>>,
    parent: OnceCell<Rc<Scope<'a>>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(parent: Option<&Rc<Self>>) -> Rc<Self> {
        let cell = OnceCell::new();
        if let Some(parent) = parent {
            let _ = cell.set(parent.clone());
        }
        Rc::new(Self {
            variables: RefCell::default(),
            parent: cell,
        })
    }

    pub(crate) fn set(&self, name: &'a str, value: Value<'a>) {
        let mut variables = self.variables.borrow_mut();
        match variables.iter_mut().find(|(known, _)| *known == name) {
            Some((_, kept)) => *kept = value,
            None => variables.push((name, value)),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        let mut scope = self;
        loop {
            let variables = scope.variables.borrow();
            if let Some((_, value)) = variables.iter().find(|(known, _)| *known == name) {
                return Some(value.clone());
            }
            drop(variables);
            scope = scope.parent.get()?;
        }
    }

    /// Lets go of the variables.
    pub(crate) fn empty(&self) -> Vec<(&'a str, Value<'a>)> {
        self.variables.take()
    }
}
