/// The number every organisation in China has (统一社会信用代码). GB 32100-2015.
package struct CreditCode: Hashable, Sendable {
    /// Without I, O, S, V and Z, which are taken for digits.
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    package let text: String

    /// Reads a number with its check character; `nil` if it is none. Small letters are made large.
    package init?(_ text: String) {
        let text = text.uppercased()
        let values = text.compactMap { Self.alphabet.firstIndex(of: $0) }
        guard text.count == 18, values.count == 18 else { return nil }
        var weight = 1
        var sum = 0
        for value in values.dropLast() {
            sum += value * weight
            weight = weight * 3 % 31
        }
        guard values.last == (31 - sum % 31) % 31 else { return nil }
        self.text = text
    }
}
