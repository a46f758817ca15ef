/// The name of one thing of a kind; names of different kinds do not mix.
package struct Identifier<Thing>: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }
}

extension Identifier: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self.init(text)
    }
}

extension Identifier: Comparable {
    package static func < (left: Identifier, right: Identifier) -> Bool { left.text < right.text }
}

extension Identifier: CustomStringConvertible {
    package var description: String { text }
}
