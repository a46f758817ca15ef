/// What a decision table said, and why.
package struct TableResult: Equatable, Sendable {
    /// An input, and the value it had.
    package struct Seen: Equatable, Sendable {
        package let text: String
        package let value: Value
    }

    /// A rule that matched, with what it says.
    package struct Hit: Equatable, Sendable {
        /// Counted from 1.
        package let row: Int
        package let outputs: Context
        package let annotations: [String]
    }

    /// A rule that did not match: its first test that failed, and the input it saw.
    package struct Miss: Equatable, Sendable {
        /// Counted from 1.
        package let row: Int
        /// The input's place in `inputs`, counted from 0.
        package let input: Int
        package let test: String
        package let value: Value
    }

    /// The answer: one value, a context of several outputs, or a list of these, as the hit policy has it.
    package let value: Value
    package let inputs: [Seen]
    /// The rules that made the answer, in its order.
    package let hits: [Hit]
    /// The rules that did not match; rules behind the last one that had to be tried are not among them.
    package let misses: [Miss]
    /// Whether no rule matched, and the answer is what the table says then.
    package let isStandard: Bool

    /// The numbers of the rules that made the answer, counted from 1.
    package var rows: [Int] { hits.map(\.row) }

    package subscript(output: String) -> Value? { hits.first?.outputs[output] }
}

extension Context: Equatable {
    /// The same names with equal values, in whatever order.
    package static func == (left: Context, right: Context) -> Bool { Value.context(left) == .context(right) }
}
