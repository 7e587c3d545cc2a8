//! Parses JSON into a tree by recursive descent, and adds up what it holds.

use std::collections::HashMap;
use std::fmt::Write;

enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Items(Vec<Json>),
    Members(HashMap<String, Json>),
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes()[self.at]
    }

    fn skip_space(&mut self) {
        while self.at < self.text.len() && matches!(self.peek(), b' ' | b'\n') {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Json {
        self.skip_space();
        match self.peek() {
            b'{' => self.members(),
            b'[' => self.items(),
            b'"' => Json::Text(self.string()),
            b't' => {
                self.at += 4;
                Json::Bool(true)
            }
            b'f' => {
                self.at += 5;
                Json::Bool(false)
            }
            b'n' => {
                self.at += 4;
                Json::Null
            }
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Json {
        let start = self.at;
        while self.at < self.text.len()
            && matches!(self.peek(), b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        {
            self.at += 1;
        }
        Json::Number(self.text[start..self.at].parse().unwrap())
    }

    fn string(&mut self) -> String {
        self.at += 1;
        let mut result = String::new();
        loop {
            let mut c = self.text[self.at..].chars().next().unwrap();
            self.at += c.len_utf8();
            if c == '"' {
                return result;
            }
            if c == '\\' {
                let escaped = self.text[self.at..].chars().next().unwrap();
                self.at += escaped.len_utf8();
                c = match escaped {
                    'n' => '\n',
                    't' => '\t',
                    _ => escaped,
                };
            }
            result.push(c);
        }
    }

    fn items(&mut self) -> Json {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        while self.peek() != b']' {
            items.push(self.value());
            self.skip_space();
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Json::Items(items)
    }

    fn members(&mut self) -> Json {
        let mut members = HashMap::new();
        self.at += 1;
        self.skip_space();
        while self.peek() != b'}' {
            let key = self.string();
            self.skip_space();
            self.at += 1;
            let value = self.value();
            members.insert(key, value);
            self.skip_space();
            if self.peek() == b',' {
                self.at += 1;
            }
            self.skip_space();
        }
        self.at += 1;
        Json::Members(members)
    }
}

fn make_text(n: usize) -> String {
    let mut text = String::from("[");
    for i in 0..n {
        if i > 0 {
            text.push_str(",\n");
        }
        let active = if i % 2 == 0 { "true" } else { "false" };
        write!(
            text,
            "{{\"id\": {i}, \"name\": \"user number {}\", \"score\": {}.25, \
             \"active\": {active}, \"note\": \"line\\n\\\"{}\\\"\", \
             \"tags\": [\"a\", \"b{}\", null], \"at\": {{\"x\": {}, \"y\": -{}e2}}}}",
            i % 97,
            i % 1000,
            i % 7,
            i % 3,
            i % 50,
            i % 60
        )
        .unwrap();
    }
    text.push(']');
    text
}

fn sum(json: &Json) -> f64 {
    match json {
        Json::Null => 0.0,
        Json::Bool(value) => f64::from(u8::from(*value)),
        Json::Number(value) => *value,
        Json::Text(value) => value.chars().count() as f64,
        Json::Items(items) => items.iter().map(sum).sum(),
        Json::Members(members) => members
            .iter()
            .map(|(key, value)| key.chars().count() as f64 + sum(value))
            .sum(),
    }
}

fn main() {
    let text = make_text(std::env::args().nth(1).unwrap().parse().unwrap());
    let mut total = 0.0;
    for _ in 0..5 {
        let mut parser = Parser { text: &text, at: 0 };
        total += sum(&parser.value());
    }
    println!("{} {total:.2}", text.chars().count());
}
