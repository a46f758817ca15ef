package import Kernel

/// An invented 数电票, from which the files that would carry it are made. For demonstration and tests.
///
/// The same value gives the same bytes. Nothing in it is signed, and no tax platform knows it.
package struct SampleInvoice: Hashable, Sendable {
    package let number: String
    package let issueDate: Day
    package let kind: Kind
    package let buyer: Party
    package let seller: Party
    package let lines: [Line]
    /// What the tax bureau would print over the table: 旅客运输服务, 通行费.
    package let specialLabel: String?
    package let passenger: String?
    package let remark: String?
    package let drawer: String
    /// The number of the invoice this one takes back; its amounts are then negative.
    package let originalNumber: String?

    package enum Kind: String, Sendable {
        /// 增值税专用发票.
        case special = "增值税专用发票"
        /// 普通发票.
        case general = "普通发票"
    }

    package struct Party: Hashable, Sendable {
        package let name: String
        package let taxId: String

        package init(name: String, taxId: String) {
            self.name = name
            self.taxId = taxId
        }
    }

    package struct Line: Hashable, Sendable {
        /// With its class, as invoices print it: *住宿服务*住宿费.
        package let name: String
        package let net: Money
        /// A decimal, or 免税 and the like.
        package let rate: String
        /// `nil` prints as `***`.
        package let tax: Money?
        package let unit: String?
        package let quantity: Rate?
        package let unitPrice: Rate?

        package init(
            name: String, net: Money, rate: String, tax: Money?, unit: String? = nil, quantity: Rate? = nil,
            unitPrice: Rate? = nil
        ) {
            self.name = name
            self.net = net
            self.rate = rate
            self.tax = tax
            self.unit = unit
            self.quantity = quantity
            self.unitPrice = unitPrice
        }
    }

    package init(
        number: String, issueDate: Day, kind: Kind, buyer: Party, seller: Party, lines: [Line],
        specialLabel: String? = nil, passenger: String? = nil, remark: String? = nil, drawer: String = "样张",
        originalNumber: String? = nil
    ) {
        self.number = number
        self.issueDate = issueDate
        self.kind = kind
        self.buyer = buyer
        self.seller = seller
        self.lines = lines
        self.specialLabel = specialLabel
        self.passenger = passenger
        self.remark = remark
        self.drawer = drawer
        self.originalNumber = originalNumber
    }

    package var net: Money { lines.reduce(.zero(.cny)) { $0 + $1.net } }

    /// `nil` where no line shows tax.
    package var tax: Money? {
        let taxes = lines.compactMap(\.tax)
        return taxes.isEmpty ? nil : taxes.reduce(.zero(.cny), +)
    }

    package var total: Money { net + (tax ?? .zero(.cny)) }
}

extension SampleInvoice.Line {
    /// The rate as faces print it: `0.06` is `6%`.
    var printedRate: String {
        guard let decimal = Rate(rate) else { return rate }
        return Rate(scaled: decimal.scaled * 100).text + "%"
    }
}
