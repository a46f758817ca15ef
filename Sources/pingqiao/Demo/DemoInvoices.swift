import Kernel
import Samples

/// The e-invoices of the demo: of invented parties, made new for each run, XML and OFD by turns.
struct DemoInvoices {
    struct Made {
        let number: String
        let file: (name: String, bytes: [UInt8])
    }

    private let day: Day
    private static let stationer = SampleInvoice.Party(name: "云杉市松果文具有限公司", taxId: "91330199MA99P1NECJ")
    private static let mill = SampleInvoice.Party(name: "鲸落市远岸材料有限公司", taxId: "91330299MA77Q2XX4D")
    private static let inn = SampleInvoice.Party(name: "鲸落市听潮酒店有限公司", taxId: "91330299MA55C8YK1R")
    private static let kitchen = SampleInvoice.Party(name: "云杉市半亩餐饮有限公司", taxId: "91330199MA33D7LH9P")
    private static let school = SampleInvoice.Party(name: "云杉市拾阶培训有限公司", taxId: "91330199MA22F6NB3Q")
    private static let advisers = SampleInvoice.Party(name: "云杉市明烛咨询有限公司", taxId: "91330199MA11G5TC8W")

    init(now: Timestamp) {
        day = Zone.shanghai.day(of: now)
    }

    var office: Made { make(1, .special, Self.stationer, "*纸制品*办公用纸", net: 1000_00, rate: "0.13", asOFD: true) }
    var hotel: Made { make(2, .special, Self.inn, "*住宿服务*住宿费", net: 800_00, rate: "0.06", asOFD: false) }
    var entertainment: Made { make(3, .general, Self.kitchen, "*餐饮服务*餐费", net: 1000_00, rate: "0.06", asOFD: false) }
    var goods: Made { make(4, .special, Self.mill, "*化学原料*原料A", net: 50_000_00, rate: "0.13", asOFD: true) }
    var secondHotel: Made { make(5, .special, Self.inn, "*住宿服务*住宿费", net: 2000_00, rate: "0.06", asOFD: true) }
    var training: Made { make(6, .special, Self.school, "*教育服务*培训费", net: 600_00, rate: "0.06", asOFD: false) }
    var training2: Made { make(8, .special, Self.school, "*教育服务*培训费", net: 1000_00, rate: "0.06", asOFD: false) }
    var consulting: Made { make(7, .special, Self.advisers, "*咨询服务*咨询费", net: 2000_00, rate: "0.06", asOFD: true) }

    private func make(
        _ serial: Int, _ kind: SampleInvoice.Kind, _ seller: SampleInvoice.Party, _ name: String, net: Int64,
        rate: String, asOFD: Bool
    ) -> Made {
        let digits = String(serial)
        // Year, area, channel and a running number: the form of a 数电票 number; area 99 belongs to nobody.
        let number = "\(day.year % 100)9920000000990" + String(repeating: "0", count: 5 - digits.count) + digits
        let percent: Int64 = rate == "0.13" ? 13 : 6
        let invoice = SampleInvoice(
            number: number, issueDate: day, kind: kind,
            buyer: SampleInvoice.Party(name: DemoCompany.name, taxId: DemoCompany.taxID), seller: seller,
            lines: [
                SampleInvoice.Line(
                    name: name, net: Money(minorUnits: net, .cny), rate: rate,
                    tax: Money(minorUnits: net * percent / 100, .cny)
                )
            ]
        )
        let bytes = asOFD ? invoice.ofd() : invoice.xml()
        return Made(number: number, file: ("dzfp_\(number).\(asOFD ? "ofd" : "xml")", bytes))
    }
}
