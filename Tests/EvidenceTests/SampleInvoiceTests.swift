import Evidence
import Foundation
import Kernel
import Samples
import Testing

@Suite("SampleInvoice")
struct SampleInvoiceTests {
    @Test("reads back from XML and OFD as it was made", arguments: Invoices.all)
    func readsBack(invoice: SampleInvoice) throws {
        for (bytes, kind) in [(invoice.xml(), EvidenceKind.einvXML), (invoice.ofd(), .einvOFD)] {
            let file = try #require(try readEvidence(bytes, name: "样张").first)
            #expect(file.kind == kind)
            #expect(file.number == invoice.number && file.registerKey == invoice.number && file.code == nil)
            #expect(file.net == invoice.net && file.tax == invoice.tax && file.total == invoice.total)
            #expect(file.issueDate == invoice.issueDate && file.currency == .cny)
            #expect(file.buyer.name == invoice.buyer.name && file.buyer.taxId == invoice.buyer.taxId)
            #expect(file.seller.name == invoice.seller.name && file.seller.taxId == invoice.seller.taxId)
            #expect(file.invoiceType == "电子发票（\(invoice.kind.rawValue)）")
            #expect(file.specialLabel == invoice.specialLabel && file.passenger == invoice.passenger)
            #expect(file.isRed == (invoice.originalNumber != nil) && file.originalNumber == invoice.originalNumber)
            #expect(file.checks.allSatisfy { $0.ok }, "\(file.checks)")
            #expect(Set(file.checks.map(\.name)).isSuperset(of: ["number", "sums", "lines", "capitals"]))
            #expect(file.signatures.map(\.state) == [.absent])
            #expect(file.origins["total"] != nil)
            let rule = file.ruleFields
            #expect(rule["tax"] == .optional(invoice.tax?.text) && rule["total"] == .string(invoice.total.text))
            #expect(rule["taxRate"] == .string(invoice.lines[0].rate))
            #expect(rule["lines"]?.array?.count == invoice.lines.count)
        }
    }

    @Test("gives the same bytes each time")
    func deterministic() {
        #expect(Invoices.ride.ofd() == Invoices.ride.ofd())
        #expect(Invoices.ride.xml() == Invoices.ride.xml())
    }

    @Test("is accepted by another reader of ZIP and XML")
    func independentReader() throws {
        let python = "/usr/bin/python3"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            print("skipped: no python3, 2 files")
            return
        }
        let folder = URL.temporaryDirectory.appending(
            path: "pingqiao-sample-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Invoices.ride.ofd()).write(to: folder.appending(path: "a.ofd"))
        try Data(Invoices.ride.xml()).write(to: folder.appending(path: "a.xml"))
        let script = """
            import sys, zipfile, xml.etree.ElementTree as E
            z = zipfile.ZipFile(sys.argv[1] + '/a.ofd')
            assert z.testzip() is None
            parts = {n: E.fromstring(z.read(n)) for n in z.namelist()}
            q = '{http://www.ofdspec.org/2016}'
            page = {o.get('ID'): ''.join(c.text for c in o) for o in parts['Doc_0/Pages/Page_0/Content.xml'].iter(q + 'TextObject')}
            tag = parts['Doc_0/Tags/CustomTag.xml']
            value = lambda n: ''.join(page[r.text] for r in tag.find(n))
            x = E.parse(sys.argv[1] + '/a.xml').getroot()
            print(value(q + 'InvoiceNo'), value(q + 'TaxInclusiveTotalAmount'), x.findtext('.//TotalTax-includedAmount'))
            """
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", script, folder.path()]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text == "26332000000990000005 ¥92.70 92.70\n")
    }
}
