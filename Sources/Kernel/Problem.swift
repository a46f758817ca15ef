/// What a person is told when something goes wrong.
///
/// One `Problem` is rendered for every door: problem+json for the HTTP API, a fault for SOAP, a notice
/// on a page, and a block on standard error for the command line.
package struct Problem: Hashable, Sendable {
    /// Stable, dotted and documented in `docs/errors.md`: `voucher.unbalanced`.
    package let code: String
    /// What happened, in one sentence.
    package let title: Phrase
    /// Where: the document, line, field or address concerned.
    package let location: Phrase
    /// Why: the values that were expected and the ones that were found.
    package let cause: Phrase
    /// How to fix it, addressed to the person who can.
    package let remedy: Phrase

    package init(code: String, title: Phrase, location: Phrase, cause: Phrase, remedy: Phrase) {
        self.code = code
        self.title = title
        self.location = location
        self.cause = cause
        self.remedy = remedy
    }
}

extension Problem {
    /// The four answers as a block of text, for a terminal.
    package func block(in language: Language) -> String {
        let labels: (whereAt: String, why: String, fix: String) =
            switch language {
            case .zh: ("位置", "原因", "处理")
            case .en: ("where", "why", "fix")
            }
        return """
            \(title.text(in: language)) [\(code)]
              \(labels.whereAt): \(location.text(in: language))
              \(labels.why): \(cause.text(in: language))
              \(labels.fix): \(remedy.text(in: language))
            """
    }

    /// The form in which a problem is stored with a held case: `{"code", "title": {"zh", "en"}, …}`.
    package var json: JSON {
        .object([
            ("code", .string(code)),
            ("title", title.json),
            ("location", location.json),
            ("cause", cause.json),
            ("remedy", remedy.json),
        ])
    }

    /// Reads what `json` wrote; `nil` if it is something else.
    package init?(json: JSON) {
        guard let code = json["code"]?.string,
            let title = json["title"].flatMap(Phrase.init(json:)),
            let location = json["location"].flatMap(Phrase.init(json:)),
            let cause = json["cause"].flatMap(Phrase.init(json:)),
            let remedy = json["remedy"].flatMap(Phrase.init(json:))
        else { return nil }
        self.init(code: code, title: title, location: location, cause: cause, remedy: remedy)
    }
}

extension Phrase {
    package var json: JSON { .object([("zh", .string(zh)), ("en", .string(en))]) }

    package init?(json: JSON) {
        guard let zh = json["zh"]?.string, let en = json["en"]?.string else { return nil }
        self.init(zh: zh, en: en)
    }
}

extension Problem: CustomStringConvertible {
    package var description: String { block(in: .en) }
}

/// An error that can say what went wrong, where, why, and how to fix it.
package protocol Explainable: Error, CustomStringConvertible {
    var problem: Problem { get }
}

extension Explainable {
    package var description: String { problem.description }
}
