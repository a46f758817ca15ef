/// A currency and the number of decimal digits its smallest unit has (ISO 4217).
package struct Currency: Hashable, Sendable {
    package let code: String
    package let minorDigits: Int

    package static let cny = Currency(code: "CNY", minorDigits: 2)
    package static let jpy = Currency(code: "JPY", minorDigits: 0)
    package static let usd = Currency(code: "USD", minorDigits: 2)

    private init(code: String, minorDigits: Int) {
        self.code = code
        self.minorDigits = minorDigits
    }

    /// The currency of a code of three capital letters; `nil` if the text is no such code.
    ///
    /// The codes without decimals and those with three are the ones `document.schema.json` lists;
    /// every other code has two.
    package init?(_ code: String) {
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else { return nil }
        self.code = code
        minorDigits = Self.withoutDecimals.contains(code) ? 0 : Self.withThreeDecimals.contains(code) ? 3 : 2
    }

    private static let withoutDecimals: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
        "XOF", "XPF",
    ]
    private static let withThreeDecimals: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
}
