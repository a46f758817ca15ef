import Cryptography
import Kernel
import Markup

/// Reads the voucher of a PDF: attached XBRL first, then attached XML, then the words on the pages.
struct PDFVoucher {
    private let bytes: [UInt8]
    private let file: String
    private let tools: EvidenceTools

    init(_ bytes: [UInt8], file: String, tools: EvidenceTools) {
        self.bytes = bytes
        self.file = file
        self.tools = tools
    }

    func read() throws(EvidenceError) -> EvidenceFile {
        let objects = try PDFObjects(of: bytes)
        let attachments = try objects.attachments(in: bytes)
        let words = try PDFWords(of: bytes)
        let signatures = signatures(objects)
        for attachment in attachments where looksLikeXML(attachment.bytes) {
            let part = attachment.name ?? ""
            let root = try readXML(part: part, attachment.bytes)
            if let voucher = try read(root, part: part, signatures: signatures) {
                return finish(voucher, objects, attachments, hasText: words.pages.contains { !$0.rows.isEmpty })
            }
        }
        guard var invoice = PDFInvoice(words, file: file) else {
            throw EvidenceError(objects.isRepaired ? .pdfDamaged : .unsupported(.pdfWithoutVoucher))
        }
        let codes = readQRCodes(of: bytes)
        var draft = try invoice.read(codes: codes, info: objects.info)
        draft.put("qr", .array((codes ?? []).map(JSON.string)))
        draft.signatures = signatures
        return finish(try draft.finish(), objects, attachments, hasText: true)
    }

    private func read(
        _ root: XMLElement, part: String, signatures: [SignatureFinding]
    ) throws(EvidenceError) -> EvidenceFile? {
        if XBRLInstance.fits(root) {
            var voucher = try XBRLVoucher(try XBRLInstance(root), file: file, part: part)
            return try voucher.read(attachments: nil, signatures: signatures)
        }
        if FiscalBill.fits(root) {
            var bill = try FiscalBill(root, file: file, part: part)
            return try bill.read(signatures: signatures)
        }
        if EInvoiceXML.fits(root) {
            var invoice = EInvoiceXML(root, kind: .einvPDF, file: file, part: part)
            return try invoice.read(signatures: signatures)
        }
        return nil
    }

    private func finish(
        _ voucher: EvidenceFile, _ objects: PDFObjects, _ attachments: [PDFObjects.Attachment], hasText: Bool
    ) -> EvidenceFile {
        var checks: [Check] = []
        if objects.hasActiveContent {
            checks.append(
                Check(
                    name: "active_content", ok: false,
                    detail: Phrase(
                        zh: "PDF 含有脚本或启动动作（active content）；程序从不执行它，但正规电子凭证没有这类内容。",
                        en: "The PDF holds active content; it is never run here, and no genuine e-voucher has any."
                    )
                )
            )
        }
        if objects.isRepaired {
            checks.append(
                Check(
                    name: "pdf_structure", ok: false,
                    detail: Phrase(
                        zh: "PDF 的结构有误，修复之后才能读取。", en: "The structure of the PDF is wrong; it was read after a repair."
                    )
                )
            )
        }
        return voucher.adding(
            fields: [
                JSON.Member("embeddedFiles", .array(attachments.map(\.json))),
                JSON.Member("pageHasText", .bool(hasText)),
            ],
            checks: checks
        )
    }

    /// The findings on PDF signatures, which cover ranges of the file's own bytes (ISO 32000, 12.8).
    private func signatures(_ objects: PDFObjects) -> [SignatureFinding] {
        let found = objects.signatures.prefix(16)
        guard !found.isEmpty else { return [.absent] }
        return found.map { ranges, contents in
            guard let trust = tools.trust else { return .unverified(covers: [file]) }
            var judgement = SignatureJudgement()
            let covered = content(ranges)
            // The hole for the signature is filled up with zeros.
            guard let covered, let value = DER(readingFrom: contents[...]), let signed = SignedData(value) else {
                judgement.obstacle = .unreadable
                return judgement.finding(covers: [file], details: [], by: trust)
            }
            judgement.signer = signed.signer
            judgement.others = signed.certificates
            judgement.time = signed.time
            switch signed.answer(for: covered.bytes) {
            case .holds: break
            case .contentDiffers: judgement.flaws.append(.partsChanged([file]))
            case .signatureDiffers: judgement.flaws.append(.signatureWrong)
            case .unsupported(let name): judgement.obstacle = .digestMethod(name)
            case .noCertificate: judgement.obstacle = .noCertificate
            }
            judgement.coversData = covered.isWhole
            return judgement.finding(
                covers: [file],
                details: [
                    JSON.Member("container", "PKCS #7"), JSON.Member("signerCN", .optional(signed.signer?.subject)),
                    JSON.Member("coversWholeFile", .bool(covered.isWhole)),
                ],
                by: trust
            )
        }
    }

    /// The bytes of two ranges, and whether only the hole between them is left out.
    private func content(_ ranges: [Int]) -> (bytes: [UInt8], isWhole: Bool)? {
        guard ranges.count == 4, ranges.allSatisfy({ $0 >= 0 && $0 <= bytes.count }), ranges[1] <= ranges[2],
            ranges[2] + ranges[3] <= bytes.count, ranges[0] == 0
        else { return nil }
        let end = ranges[2] + ranges[3]
        return (Array(bytes[..<ranges[1]] + bytes[ranges[2]..<end]), end == bytes.count)
    }
}
