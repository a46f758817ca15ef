import Kernel

/// Reads a voucher from an XBRL instance: invoices, rail and air tickets, bank receipts and statements.
struct XBRLVoucher {
    private let instance: XBRLInstance
    private var draft: EvidenceDraft

    init(_ instance: XBRLInstance, file: String, part: String) throws(EvidenceError) {
        self.instance = instance
        guard !instance.has("InformationOfAccountingDocumentsTuple"),
            !instance.has("UnifiedSocialCreditCodeOfAccountingEntity")
        else { throw EvidenceError(.unsupported(.postingInformation)) }
        let kinds: [String: EvidenceKind] = [
            "inv": .invXBRL, "rai": .rai, "atr": .atr, "bker": .bker, "bkrs": .bkrs, "ntrev": .ntrev,
        ]
        guard let kind = kinds[instance.voucher] else { throw EvidenceError(.unsupported(.xbrlOfUnknownTaxonomy)) }
        let code = instance.value("Currency") ?? "CNY"
        guard let currency = Currency(code) else { throw EvidenceError(.missingField("Currency")) }
        draft = EvidenceDraft(kind: kind, file: file, part: part, currency: currency)
    }

    /// - Parameter attachments: The attachments of the OFD that carries the instance; `nil` for a bare instance.
    mutating func read(
        attachments: [OFDAttachment]?, signatures: [SignatureFinding]
    ) throws(EvidenceError) -> EvidenceFile {
        switch draft.kind {
        case .rai: try readRail()
        case .atr: try readAir()
        case .bker: try readBankReceipt()
        case .bkrs: try readBankStatement()
        case .ntrev: try readNonTaxPayment()
        default: try readInvoice()
        }
        // Banks leave blanks of their form empty, and those are kept as they stand; on an air ticket empty is absent.
        draft.put("xbrl", draft.kind == .atr ? instance.jsonWithoutBlanks : instance.json)
        if let attachments { draft.put("attachments", .array(attachments.map(\.json))) }
        draft.signatures = signatures
        draft.checkNumber()
        return try draft.finish()
    }

    private mutating func put(_ name: String, _ fact: String) {
        draft.put(name, .optional(instance.value(fact)), from: fact)
    }

    private mutating func putNumber(_ fact: String) {
        draft.number = instance.value(fact)
        put("number", fact)
    }

    private mutating func putAmount(_ name: String, _ fact: String) throws(EvidenceError) {
        try draft.putAmount(name, instance.value(fact), from: fact)
    }

    private mutating func putDate(_ name: String, _ fact: String) {
        draft.putDate(name, instance.value(fact), from: fact)
    }

    private mutating func putParties(_ buyer: String, _ buyerId: String, _ seller: String, _ sellerId: String) {
        draft.putParties(
            buyer: EvidenceFile.Party(name: instance.value(buyer), taxId: instance.value(buyerId)), from: buyer,
            seller: EvidenceFile.Party(name: instance.value(seller), taxId: instance.value(sellerId)), from: seller
        )
    }

    private mutating func readInvoice() throws(EvidenceError) {
        putNumber("NumberOfInvoice")
        draft.code = instance.value("CodeOfInvoice")
        put("code", "CodeOfInvoice")
        put("uniqueCode", "UniqueCodeOfInvoice")
        putDate("issueDate", "DateOfIssue")
        put("checkCode", "IdentifyingCode")
        let taxId = "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOf"
        putParties("NameOfPurchaser", taxId + "Purchaser", "NameOfSeller", taxId + "Seller")
        try putAmount("amountExTax", "TotalAmountExcludingTax")
        try putAmount("tax", "TotalTaxAmount")
        try putAmount("total", "TaxIncludedAmountInFigures")
        draft.put("currency", .string(draft.currency.code))
        put("invoiceType", "TypeOfInvoice")
        draft.invoiceType = instance.value("TypeOfInvoice")
        let lines = instance.items("InformationOfTaxableGoodsOrServicesDetailItemsTuple").map { item in
            LineAmounts(
                name: item["NameOfTaxableGoodsOrServices"]?.string, net: item["AmountExcludingTax"]?.string,
                tax: item["TaxAmount"]?.string, taxRate: item["TaxRate"]?.string, currency: draft.currency
            )
        }
        draft.checkSums()
        draft.checkLines(lines)
        draft.checkCapitals(instance.value("TaxIncludedAmountInWords"))
        draft.putRuleLines(lines)
    }

    private mutating func readRail() throws(EvidenceError) {
        putNumber("ElectronicInvoiceRailwayETicketNumber")
        draft.put("code", .null)
        putDate("issueDate", "DateOfIssue")
        put("business", "TypeOfBusiness")
        putParties(
            "NameOfPurchaser", "UnifiedSocialCreditCodeOfPurchaser", "NameOfSeller", "UnifiedSocialCreditCodeOfSeller"
        )
        try putAmount("amountExTax", "TotalAmountExcludingTax")
        try putAmount("tax", "TaxAmount")
        put("taxRate", "TaxRate")
        // The fare of a rail ticket contains the tax.
        try putAmount("total", "Fare")
        draft.put("currency", .string(draft.currency.code))
        put("eTicketNumber", "ETicketNumber")
        putDate("travelDate", "TravelDate")
        put("trainNumber", "TrainNumber")
        draft.originalNumber = instance.value("NumberOfOriginalInvoice")
        put("originalInvoice", "NumberOfOriginalInvoice")
        draft.passenger = instance.value("Name")
        draft.invoiceType = instance.value("TypeOfVoucher")
        putRule("business", "TypeOfBusiness")
        putRule("travelDate", "TravelDate")
        putRule("trainNumber", "TrainNumber")
        putRule("from", "DepartureStation")
        putRule("to", "DestinationStation")
        draft.ruleMembers.append(JSON.Member("taxRate", .optional(normaliseRate(instance.value("TaxRate")))))
        draft.checkSums()
    }

    private mutating func putRule(_ name: String, _ fact: String) {
        draft.ruleMembers.append(JSON.Member(name, .optional(instance.value(fact))))
    }

    private mutating func readAir() throws(EvidenceError) {
        putNumber("ElectronicInvoiceAirTransportReceiptNumber")
        draft.put("code", .null)
        put("eTicketNumber", "ETicketNumber")
        putDate("issueDate", "IssueDate")
        put("status", "IssuingStatus")
        let name = instance.value("NameOfSeller")
        draft.putParties(
            buyer: EvidenceFile.Party(
                name: instance.value("NameOfPurchaser"), taxId: instance.value("UnifiedSocialCreditCodeOfPurchaser")
            ),
            from: "NameOfPurchaser", seller: EvidenceFile.Party(name: name, taxId: nil), from: "NameOfSeller"
        )
        let fare = try draft.putAmount("fare", instance.value("Fare"), from: "Fare")
        let fuel = try draft.putAmount("fuelSurcharge", instance.value("FuelSurcharge"), from: "FuelSurcharge")
        put("vatRate", "VatRate")
        try putAmount("tax", "VatTaxAmount")
        let fundName = "civilAviationDevelopmentFund"
        let fund = try draft.putAmount(
            fundName, instance.value("CivilAviationDevelopmentFund"), from: "CivilAviationDevelopmentFund"
        )
        let other = try draft.putAmount("otherTaxes", instance.value("OtherTaxes"), from: "OtherTaxes")
        // The tax base is the fare with the fuel surcharge; the fund is outside of it.
        let zero = Money.zero(draft.currency)
        let net = fare.map { $0 + (fuel ?? zero) }
        try draft.putAmount("amountExTax", net?.text, from: "computed: Fare + FuelSurcharge")
        try putAmount("total", "TotalAmount")
        draft.put("currency", .string(draft.currency.code))
        draft.originalNumber = instance.value("OriginalElectronicInvoiceAirTransportReceiptNumber")
        put("originalInvoice", "OriginalElectronicInvoiceAirTransportReceiptNumber")
        draft.isRed = instance.value("ReasonOfRushRed") != nil
        draft.put("segments", .array(instance.items("DetailInformationOfAirTicketTuple").map(Self.segment)))
        draft.passenger = instance.value("PassengerName")
        putAirRules(fare: fare, fuel: fuel, fund: fund, other: other)
        draft.checkAirSum(extra: (fund ?? zero) + (other ?? zero))
    }

    private static func segment(_ item: JSON) -> JSON {
        let names = [
            ("from", "DepartureStation"), ("to", "DestinationStation"), ("flight", "Flight"), ("class", "Class"),
            ("date", "CarrierDate"), ("time", "DepartureTime"),
        ]
        return .object(names.map { ($0.0, item[$0.1] ?? .null) })
    }

    private mutating func putAirRules(fare: Money?, fuel: Money?, fund: Money?, other: Money?) {
        let marking = instance.value("MarkingOfDomesticOrInternational")
        draft.ruleMembers += [
            JSON.Member("status", .optional(instance.value("IssuingStatus"))),
            JSON.Member("international", marking.map { .bool($0.contains("国际")) } ?? .null),
            JSON.Member("fare", .optional(fare?.text)),
            JSON.Member("fuelSurcharge", .optional(fuel?.text)),
            JSON.Member("vatRate", .optional(normaliseRate(instance.value("VatRate")))),
            JSON.Member("taxRate", .optional(normaliseRate(instance.value("VatRate")))),
            JSON.Member("civilAviationDevelopmentFund", .optional(fund?.text)),
            JSON.Member("otherTaxes", .optional(other?.text)),
        ]
    }

    private mutating func readBankReceipt() throws(EvidenceError) {
        putNumber("NumberOfBankElectronicReceipt")
        put("identifyingCode", "IdentifyingCode")
        putDate("issueDate", "IssueDate")
        putDate("bookDate", "DateOfBookkeeping")
        let payer = party("Payer")
        let payee = party("Payee")
        draft.put("payer", payer, from: "AccountNameOfPayer")
        draft.put("payee", payee, from: "AccountNameOfPayee")
        try putAmount("total", "TransactionAmountInFigures")
        draft.put("currency", .string(draft.currency.code))
        put("debitCredit", "IdentificationOfCreditOrDebit")
        draft.put("usage", instance.written("Usage"), from: "Usage")
        draft.put("notes", instance.written("Notes"), from: "Notes")
        draft.ruleMembers = [
            JSON.Member("bookDate", .optional(instance.value("DateOfBookkeeping").flatMap(readDay)?.text)),
            JSON.Member("payer", payer), JSON.Member("payee", payee),
            JSON.Member("debitCredit", .optional(instance.value("IdentificationOfCreditOrDebit"))),
        ]
        // A receipt's number is its issuer's own.
        let issuer = instance.value("IdentificationCodeOfIssuer")
        draft.registerKey = draft.number.map { number in issuer.map { "\($0)-\(number)" } ?? number }
    }

    private func party(_ side: String) -> JSON {
        .object([
            ("name", .optional(instance.value("AccountNameOf" + side))),
            ("account", .optional(instance.value("AccountNumberOf" + side))),
            ("bank", .optional(instance.value("OpeningBankOf" + side))),
        ])
    }

    /// The names of these elements are assumed: the element list of this voucher is not public.
    private mutating func readNonTaxPayment() throws(EvidenceError) {
        putNumber("PaymentCode")
        draft.put("code", .null)
        putDate("issueDate", "IssueDate")
        draft.buyer = EvidenceFile.Party(
            name: instance.value("NameOfPayer"), taxId: instance.value("UnifiedSocialCreditCodeOfPayer")
        )
        draft.seller = EvidenceFile.Party(name: instance.value("NameOfExecutiveUnit"), taxId: nil)
        draft.put("payer", draft.buyer.json, from: "NameOfPayer")
        draft.put("issuer", .object([("name", .optional(draft.seller.name))]), from: "NameOfExecutiveUnit")
        try putAmount("total", "TotalAmount")
        draft.put("currency", .string(draft.currency.code))
        draft.put("elementNamesVerified", false)
        draft.invoiceType = instance.value("TypeOfVoucher")
    }

    private mutating func readBankStatement() throws(EvidenceError) {
        draft.put("number", .null)
        put("account", "CustomerSettlementBankAccount")
        put("accountName", "NameOfCustomerAccount")
        put("year", "YearOfBankReconciliationStatement")
        put("month", "MonthOfBankReconciliationStatement")
        putDate("issueDate", "PrintDate")
        draft.put("currency", .string(draft.currency.code))
        try putAmount("endBalance", "AccountBalanceAtTheEndOfReconciliationCycleAmount")
        draft.put("lines", .integer(instance.items("InformationOfReconcileDetailsTuple").count))
        let names = [
            "IdentificationCodeOfIssuer", "CustomerSettlementBankAccount", "YearOfBankReconciliationStatement",
            "MonthOfBankReconciliationStatement",
        ]
        draft.registerKey = names.compactMap(instance.value).joined(separator: "-")
    }
}

extension EvidenceDraft {
    /// Fare, surcharge, tax, fund and other taxes add up to what was paid.
    fileprivate mutating func checkAirSum(extra: Money) {
        guard let net, let total else { return }
        let sum = net + (tax ?? .zero(currency)) + extra
        checks.append(
            Check(
                name: "sums", ok: sum == total,
                detail: sum == total
                    ? Phrase(zh: "各项合计等于票面总额。", en: "The parts add up to the total.")
                    : Phrase(
                        zh: "各项合计 \(sum.text)，票面总额 \(total.text)。",
                        en: "The parts give \(sum.text), the total is \(total.text)."
                    )
            )
        )
    }
}
