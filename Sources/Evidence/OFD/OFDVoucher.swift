import Kernel
import Markup

/// Reads the voucher of one OFD document: attached XBRL first, then attached XML, then tags on the page.
struct OFDVoucher {
    private var package: OFDPackage
    private let file: String
    private let signatures: OFDSignatures

    init(_ package: OFDPackage, file: String, tools: EvidenceTools) throws(EvidenceError) {
        self.package = package
        self.file = file
        signatures = try OFDSignatures(of: package, trust: tools.trust)
    }

    var unpacked: Int { package.archive.unpacked }

    /// The voucher; `nil` if the document holds none that is known.
    mutating func read() throws(EvidenceError) -> EvidenceFile? {
        let attachments = try package.attachments()
        var instances: [(root: XMLElement, part: String)] = []
        var originals: [(root: XMLElement, part: String)] = []
        for attachment in attachments {
            guard let root = try package.xmlAttachment(attachment) else { continue }
            let part = attachment.path ?? ""
            if XBRLInstance.fits(root) { instances.append((root, part)) } else { originals.append((root, part)) }
        }
        var unsupported: EvidenceError?
        var vouchers: [EvidenceFile] = []
        for (root, part) in instances + originals {
            do {
                if let voucher = try read(root, part: part, attachments: attachments) { vouchers.append(voucher) }
            } catch {
                guard case .unsupported = error.fault else { throw error.inside(part) }
                unsupported = error.inside(part)
            }
        }
        if let first = vouchers.first {
            guard vouchers.allSatisfy({ $0.registerKey == first.registerKey && $0.total == first.total }) else {
                throw EvidenceError(.ambiguousFormat(.severalVouchers))
            }
            return first
        }
        var invoice = try TaggedInvoice(package, file: file)
        if invoice.isInvoice { return try invoice.read(attachments: attachments, signatures: signatures) }
        if let unsupported { throw unsupported }
        return nil
    }

    private mutating func read(
        _ root: XMLElement, part: String, attachments: [OFDAttachment]
    ) throws(EvidenceError) -> EvidenceFile? {
        if XBRLInstance.fits(root) {
            var voucher = try XBRLVoucher(try XBRLInstance(root), file: file, part: part)
            return try voucher.read(
                attachments: attachments, signatures: signatures.findings(on: part, absent: .absent)
            )
        }
        if LegacyInvoice.fits(root) {
            var invoice = LegacyInvoice(root, file: file, part: part)
            return try invoice.read(
                title: try title(), attachments: attachments,
                signatures: signatures.findings(on: part, absent: .absent)
            )
        }
        if FiscalBill.fits(root) {
            var bill = try FiscalBill(root, file: file, part: part)
            return try bill.read(
                attachments: attachments, signatures: signatures.findings(on: part, absent: .absent)
            )
        }
        if EInvoiceXML.fits(root) {
            var invoice = EInvoiceXML(root, kind: .einvOFD, file: file, part: part)
            return try invoice.read(
                attachments: attachments, signatures: signatures.findings(on: part, absent: .absentByDesign)
            )
        }
        return nil
    }

    /// The title printed on the first page or its template.
    private mutating func title() throws(EvidenceError) -> String? {
        guard let id = package.pageIDs.first else { return nil }
        let page = try package.pageText(id)
        if let title = page.objects.first(where: { isInvoiceTitle($0.text.trimmed) }) { return title.text.trimmed }
        return try package.templateText(ofPage: id).objects.first { isInvoiceTitle($0.text.trimmed) }?.text.trimmed
    }
}
