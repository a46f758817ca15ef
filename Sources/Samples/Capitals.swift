import Kernel

extension Money {
    /// The amount in Chinese capitals, digit by digit: 壹佰玖拾贰圆整.
    ///
    /// The reader of vouchers has its own; that the two agree is worth more than that they are one.
    var inCapitals: String {
        let digits = Array("零壹贰叁肆伍陆柒捌玖")
        let places = ["", "拾", "佰", "仟"]
        let groups = ["", "万", "亿", "万"]
        let figures = String(minorUnits.magnitude / 100).compactMap(\.wholeNumberValue)
        let cents = Int(minorUnits.magnitude % 100)
        var text = ""
        var isGap = false
        var isGroupEmpty = true
        for (index, figure) in figures.enumerated() {
            let place = figures.count - 1 - index
            if figure == 0 {
                isGap = true
            } else {
                text += (isGap && !text.isEmpty ? "零" : "") + String(digits[figure]) + places[place % 4]
                (isGap, isGroupEmpty) = (false, false)
            }
            if place > 0, place % 4 == 0 {
                if !isGroupEmpty || (place == 8 && !text.isEmpty) { text += groups[place / 4] }
                isGroupEmpty = true
            }
        }
        text += text.isEmpty ? "" : "圆"
        switch (cents / 10, cents % 10) {
        case (0, 0): text = (text.isEmpty ? "零圆" : text) + "整"
        case (let jiao, let fen):
            if jiao > 0 { text += String(digits[jiao]) + "角" } else if !text.isEmpty { text += "零" }
            if fen > 0 { text += String(digits[fen]) + "分" }
        }
        return (isNegative ? "（负数）" : "") + text
    }
}
