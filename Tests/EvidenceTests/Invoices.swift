import Kernel
import Samples

/// Invented invoices for the tests.
enum Invoices {
    static let day = Day(number: 20_524)

    static func hotel(number: String = "26332000000990000007", name: String = "*住宿服务*住宿费") -> SampleInvoice {
        SampleInvoice(
            number: number, issueDate: day, kind: .special,
            buyer: .init(name: "云杉市砚池软件科技有限公司", taxId: "91330199MA68B9QL7C"),
            seller: .init(name: "临雾市<鲸落>&酒店", taxId: "91310199MA5RHCEM50"),
            lines: [
                .init(
                    name: name, net: Money(minorUnits: 800_00, .cny), rate: "0.06",
                    tax: Money(minorUnits: 48_00, .cny), unit: "晚", quantity: Rate("2"), unitPrice: Rate("400")
                )
            ]
        )
    }

    static let ride = SampleInvoice(
        number: "26332000000990000005", issueDate: day, kind: .general, buyer: hotel().buyer, seller: hotel().seller,
        lines: [
            .init(
                name: "*运输服务*客运服务费", net: Money(minorUnits: 100_00, .cny), rate: "0.03",
                tax: Money(minorUnits: 3_00, .cny)
            ),
            .init(
                name: "*运输服务*客运服务费", net: Money(minorUnits: -10_00, .cny), rate: "0.03",
                tax: Money(minorUnits: -30, .cny)
            ),
        ],
        specialLabel: "旅客运输服务", passenger: "张三", remark: "行程单 7"
    )

    static let taxFree = SampleInvoice(
        number: "26332000000990000099", issueDate: day, kind: .general, buyer: hotel().buyer, seller: hotel().seller,
        lines: [.init(name: "*蔬菜*白菜", net: Money(minorUnits: 57_05, .cny), rate: "免税", tax: nil)],
        specialLabel: "自产农产品销售"
    )

    static let red = SampleInvoice(
        number: "26332000000990000100", issueDate: day, kind: .special, buyer: hotel().buyer, seller: hotel().seller,
        lines: [
            .init(
                name: "*住宿服务*住宿费", net: Money(minorUnits: -800_00, .cny), rate: "0.06",
                tax: Money(minorUnits: -48_00, .cny)
            )
        ],
        originalNumber: "26332000000990000007"
    )

    static let all = [hotel(), ride, taxFree, red]

    /// The XML of the hotel invoice with one text in place of another.
    static func xml(replacing old: String, with new: String) -> [UInt8] {
        let text = String(decoding: hotel().xml(), as: UTF8.self)
        return Array(text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new).utf8)
    }
}
