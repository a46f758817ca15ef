package import Kernel

/// Something a static check of a rule book found, before the book is used (规则集检查).
package struct BookFinding: Hashable, Sendable {
    /// An error keeps the book from being published; the rest is advice.
    package let isError: Bool
    package let problem: Problem
}
