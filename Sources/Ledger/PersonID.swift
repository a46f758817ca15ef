/// Who acted on a voucher: a person of the book, or a rule book in a person's place (责任人).
package struct PersonID: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The maker of what a rule book drafted: `rule:expense@3`.
    package static func rule(book: String, version: String) -> PersonID {
        PersonID("rule:\(book)@\(version)")
    }

    /// Whether a rule book stands here in a person's place.
    package var isRule: Bool { text.hasPrefix("rule:") }
}

extension PersonID: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self.init(text)
    }
}

extension PersonID: CustomStringConvertible {
    package var description: String { text }
}
