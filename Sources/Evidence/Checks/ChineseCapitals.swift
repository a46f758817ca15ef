package import Kernel

/// Amounts of money in Chinese capitals (大写金额): 壹佰玖拾贰圆整.
package enum ChineseCapitals {
    private static let digits: [Character] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"]
    /// Longer texts are no amount.
    private static let lengthLimit = 64

    /// An amount of two decimals in capitals, as invoices print it.
    package static func text(of amount: Money) -> String {
        precondition(amount.currency.minorDigits == 2, "capitals are written for currencies with 角 and 分")
        let magnitude = amount.minorUnits.magnitude
        let (yuan, cents) = (magnitude / 100, Int(magnitude % 100))
        var text = yuan > 0 ? whole(yuan) + "圆" : ""
        switch (cents / 10, cents % 10) {
        case (0, 0): text = (text.isEmpty ? "零圆" : text) + "整"
        case (0, let fen): text += (text.isEmpty ? "" : "零") + String(digits[fen]) + "分"
        case (let jiao, 0): text += String(digits[jiao]) + "角"
        case (let jiao, let fen): text += String(digits[jiao]) + "角" + String(digits[fen]) + "分"
        }
        return (amount.isNegative ? "（负数）" : "") + text
    }

    private static func whole(_ number: UInt64) -> String {
        if number >= 100_000_000 { return joined(number, 100_000_000, "亿") }
        if number >= 10_000 { return joined(number, 10_000, "万") }
        var text = ""
        var isGap = false
        for (unit, name) in [(UInt64(1_000), "仟"), (100, "佰"), (10, "拾"), (1, "")] {
            let digit = Int(number / unit % 10)
            guard digit > 0 else {
                isGap = true
                continue
            }
            if isGap, !text.isEmpty { text += "零" }
            text += String(digits[digit]) + name
            isGap = false
        }
        return text
    }

    private static func joined(_ number: UInt64, _ unit: UInt64, _ name: String) -> String {
        let rest = number % unit
        let gap = rest > 0 && rest < unit / 10 ? "零" : ""
        return whole(number / unit) + name + gap + (rest > 0 ? whole(rest) : "")
    }

    /// Reads capitals back; `nil` if the text is no amount.
    ///
    /// Variants in use are read alike: 元 圓, 正, 貳 參 陸, 萬 億, a leading 人民币, and （负数） or 负.
    package static func amount(of text: String) -> Money? {
        var characters = text.filter { !$0.isWhitespace }[...]
        guard characters.count <= lengthLimit else { return nil }
        let isNegative = take(["（负数）", "(负数)", "负数", "负"], from: &characters)
        _ = take(["人民币"], from: &characters)
        var reading = Reading()
        for character in characters {
            guard reading.take(character) else { return nil }
        }
        guard let minorUnits = reading.minorUnits else { return nil }
        return Money(minorUnits: isNegative ? -minorUnits : minorUnits, .cny)
    }

    /// Whether a text ends like an amount, told by its last letter alone.
    static func looksLikeOne(_ text: String) -> Bool {
        guard text.utf8.count >= 6, let last = text.unicodeScalars.last else { return false }
        return ["整", "正", "角", "分"].contains(last)
    }

    private static func take(_ prefixes: [String], from text: inout Substring) -> Bool {
        guard let prefix = prefixes.first(where: { text.hasPrefix($0) }) else { return false }
        text = text.dropFirst(prefix.count)
        return true
    }

    private struct Reading {
        private var above: Int64 = 0
        private var tenThousands: Int64 = 0
        private var section: Int64 = 0
        private var digit: Int64?
        private var yuan: Int64?
        private var cents: Int64 = 0
        private var isClosed = false

        var minorUnits: Int64? {
            guard digit == nil, section == 0, tenThousands == 0, above == 0, yuan != nil || cents > 0 else {
                return nil
            }
            return (yuan ?? 0) * 100 + cents
        }

        mutating func take(_ character: Character) -> Bool {
            guard !isClosed else { return false }
            if let value = Self.values[character] {
                guard digit == nil || digit == 0 else { return false }
                digit = value
                return true
            }
            switch character {
            case "拾", "十": return takeUnit(10)
            case "佰", "百": return takeUnit(100)
            case "仟", "千": return takeUnit(1_000)
            case "万", "萬":
                tenThousands += (section + (digit ?? 0)) * 10_000
                (section, digit) = (0, nil)
            case "亿", "億":
                above += (tenThousands + section + (digit ?? 0)) * 100_000_000
                (tenThousands, section, digit) = (0, 0, nil)
                guard above <= Money.limit / 100 else { return false }
            case "圆", "元", "圓":
                guard yuan == nil, cents == 0 else { return false }
                let sum = above + tenThousands + section + (digit ?? 0)
                guard sum <= Money.limit / 100 else { return false }
                yuan = sum
                (above, tenThousands, section, digit) = (0, 0, 0, nil)
            case "角", "分":
                guard let value = digit, section == 0, tenThousands == 0, above == 0 else { return false }
                cents += value * (character == "角" ? 10 : 1)
                digit = nil
                isClosed = character == "分"
            case "整", "正":
                isClosed = true
            default: return false
            }
            return true
        }

        private mutating func takeUnit(_ unit: Int64) -> Bool {
            guard yuan == nil else { return false }
            // 拾伍圆 is written for fifteen; no other unit stands alone.
            guard digit != nil || unit == 10 else { return false }
            section += (digit ?? 1) * unit
            digit = nil
            return section < 20_000
        }

        private static let values: [Character: Int64] = [
            "零": 0, "〇": 0, "壹": 1, "一": 1, "贰": 2, "貳": 2, "二": 2, "叁": 3, "參": 3, "叄": 3, "三": 3,
            "肆": 4, "四": 4, "伍": 5, "五": 5, "陆": 6, "陸": 6, "六": 6, "柒": 7, "七": 7, "捌": 8, "八": 8,
            "玖": 9, "九": 9,
        ]
    }
}
