import Evidence
import Kernel
import Samples
import Testing

@Suite("Amounts and numbers of vouchers")
struct EvidenceAmountTests {
    private func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try readEvidence(bytes, name: "x.xml")
            return nil
        } catch { return error.fault.name }
    }

    @Test(
        "are taken from the source text exactly",
        arguments: [
            ("848.00", "848.00", 848_00), ("848", "848", 848_00), ("848.5", "848.5", 848_50),
            (" 848.00 ", "848.00", 848_00),
            ("-0.00", "0.00", 0), ("848.0000", "848.0000", 848_00),
            ("10000000000000.00", "10000000000000.00", Money.limit),
        ]
    )
    func exact(text: String, field: String, minorUnits: Int64) throws {
        let file = try #require(try readEvidence(total(text), name: "x").first)
        #expect(file.total?.minorUnits == minorUnits && file.fields["total"]?.string == field)
        #expect(file.isRed == (minorUnits < 0))
    }

    private func total(_ text: String) -> [UInt8] {
        Invoices.xml(
            replacing: "<TotalTax-includedAmount>848.00<", with: "<TotalTax-includedAmount>\(text)<"
        )
    }

    @Test(
        "are refused when they are not plain",
        arguments: [
            "1e3", "1,060.00", "NaN", "８４８.00", "+848.00", "848.", ".5", "0x10", "848.001", "848.00元", "--1", "8 48",
        ]
    )
    func refused(text: String) { #expect(fault(total(text)) == "invalid_amount") }

    @Test("are refused beyond what can be counted", arguments: ["10000000000000.01", "12345678901234567890.12"])
    func tooLarge(text: String) { #expect(fault(total(text)) == "amount_out_of_range") }

    @Test("that are masked are no zero")
    func masked() throws {
        let bytes = Invoices.xml(replacing: "<TotalTaxAm>48.00<", with: "<TotalTaxAm>***<")
        let file = try #require(try readEvidence(bytes, name: "x").first)
        #expect(file.tax == nil && file.fields["tax"] == "***" && file.ruleFields["tax"] == .null)
    }

    @Test("that differ are reported and not chosen from")
    func conflicts() throws {
        let file = try #require(try readEvidence(total("1848.00"), name: "x").first)
        let failed = file.checks.filter { !$0.ok }.map(\.name)
        #expect(failed == ["sums", "capitals"])
        #expect(file.checks.first { $0.name == "sums" }?.detail.en.contains("differs from total by 1000.00") == true)
    }

    @Test("need a number, of 20 digits")
    func number() throws {
        #expect(fault(Invoices.xml(replacing: Invoices.hotel().number, with: "")) == "missing_field")
        let file = try #require(
            try readEvidence(Invoices.xml(replacing: Invoices.hotel().number, with: "123"), name: "x").first
        )
        #expect(file.checks.first { $0.name == "number" }?.ok == false)
    }
}
