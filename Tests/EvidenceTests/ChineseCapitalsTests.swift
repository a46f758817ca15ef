import Evidence
import Kernel
import Samples
import Testing

@Suite("ChineseCapitals")
struct ChineseCapitalsTests {
    private static let table: [(Int64, String)] = [
        (0, "零圆整"), (5, "伍分"), (50, "伍角"), (1_00, "壹圆整"), (10_00, "壹拾圆整"), (100_05, "壹佰圆零伍分"),
        (11_20, "壹拾壹圆贰角"), (192_00, "壹佰玖拾贰圆整"), (1_066_00, "壹仟零陆拾陆圆整"), (-1_066_00, "（负数）壹仟零陆拾陆圆整"),
        (4_449_00, "肆仟肆佰肆拾玖圆整"), (10_000_00, "壹万圆整"), (31_781_62, "叁万壹仟柒佰捌拾壹圆陆角贰分"), (100_001_00, "壹拾万零壹圆整"),
        (450_000_00, "肆拾伍万圆整"), (100_000_000_00, "壹亿圆整"), (100_001_000_00, "壹亿零壹仟圆整"),
        (Money.limit, "壹拾万亿圆整"),
    ]

    @Test("writes and reads an amount", arguments: table)
    func both(minorUnits: Int64, text: String) {
        let amount = Money(minorUnits: minorUnits, .cny)
        #expect(ChineseCapitals.text(of: amount) == text)
        #expect(ChineseCapitals.amount(of: text) == amount)
    }

    @Test("reads what it writes")
    func property() {
        var state: UInt64 = 7
        for _ in 0..<5_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let magnitude = Int64(state >> 14) % (1 << (state >> 60) * 1_000_003 + 1)
            let amount = Money(minorUnits: min(magnitude, Money.limit), .cny)
            #expect(ChineseCapitals.amount(of: ChineseCapitals.text(of: amount)) == amount)
        }
    }

    @Test(
        "reads the variants in use",
        arguments: [
            ("拾伍元正", 15_00), ("人民币壹佰圓整", 100_00), ("贰佰元零伍角整", 200_50), (" 叁 拾 圆 整 ", 30_00), ("(负数)壹圆整", -1_00),
            ("壹萬貳仟圆整", 12_000_00), ("零圆零角伍分", 5),
        ]
    )
    func variants(text: String, minorUnits: Int64) {
        #expect(ChineseCapitals.amount(of: text) == Money(minorUnits: minorUnits, .cny))
    }

    @Test(
        "refuses what is no amount",
        arguments: ["", "整", "负", "圆", "壹", "壹佰", "佰圆整", "壹贰圆整", "壹圆圆", "壹圆壹佰", "壹圆整壹分", "合计", "1圆", "亿亿亿亿圆玖"]
    )
    func refuses(text: String) {
        let amount = ChineseCapitals.amount(of: text)
        #expect(amount == nil || amount?.isZero == true, "\(String(describing: amount))")
    }
}
