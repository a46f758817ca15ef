package import Cryptography
import Kernel
import Markup

/// The largest file that is looked at.
private let fileLimit = 64 << 20

/// Reads the vouchers of a file, by its content; its name only appears in answers.
///
/// A plain ZIP gives every voucher in it, one for each number; any other file gives one.
package func readEvidence(
    _ bytes: [UInt8], name: String, with tools: EvidenceTools = EvidenceTools()
) throws(EvidenceError) -> [EvidenceFile] {
    do throws(EvidenceError) {
        guard !bytes.isEmpty else { throw EvidenceError(.empty) }
        guard bytes.count <= fileLimit else { throw EvidenceError(.tooLarge(bytes: bytes.count, limit: fileLimit)) }
        switch sniff(bytes) {
        case .zip: return try readZip(try ZipArchive(bytes), name: name, with: tools)
        case .xml: return [try readVoucherXML(try readXML(bytes), file: name)]
        case .pdf:
            // What one reader takes for a PDF another would open as a ZIP.
            guard !endsAsZip(bytes) else { throw EvidenceError(.ambiguousFormat(.pdfAndZip)) }
            return [try PDFVoucher(bytes, file: name, tools: tools).read()]
        case .png: throw EvidenceError(.unsupported(.png))
        case .jpeg: throw EvidenceError(.unsupported(.jpeg))
        case .unknown: throw EvidenceError(.unsupportedFormat)
        }
    } catch {
        throw error.named(name)
    }
}

/// What the signatures of an OFD are worth, whether a voucher is in it or not; none for other files.
package func verifySignatures(
    _ bytes: [UInt8], name: String, by trust: TrustList
) throws(EvidenceError) -> [SignatureFinding] {
    do throws(EvidenceError) {
        guard bytes.count <= fileLimit else { throw EvidenceError(.tooLarge(bytes: bytes.count, limit: fileLimit)) }
        guard sniff(bytes) == .zip else { return [] }
        let archive = try ZipArchive(bytes)
        guard archive.contains("OFD.xml") else { return [] }
        var findings: [SignatureFinding] = []
        for package in try OFDPackage.open(archive) {
            findings += try OFDSignatures(of: package, trust: trust).findings(on: "", absent: .absent)
        }
        return findings
    } catch {
        throw error.named(name)
    }
}

private enum Content {
    case zip, xml, pdf, png, jpeg, unknown
}

private func sniff(_ bytes: [UInt8]) -> Content {
    if bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6]) { return .zip }
    if bytes.starts(with: Array("%PDF-".utf8)) { return .pdf }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return .png }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    return looksLikeXML(bytes) ? .xml : .unknown
}

/// Whether the last 64 KB hold the end record of a ZIP directory.
private func endsAsZip(_ bytes: [UInt8]) -> Bool {
    let tail = bytes.suffix(0xFFFF + 22)
    return tail.indices.dropLast(3).contains { tail[$0] == 0x50 && tail[$0...].starts(with: [0x50, 0x4B, 5, 6]) }
}

private func readZip(
    _ archive: ZipArchive, name: String, with tools: EvidenceTools
) throws(EvidenceError) -> [EvidenceFile] {
    if archive.contains("OFD.xml") { return [try readOFD(archive, file: name, with: tools)] }
    var archive = archive
    var unpacked = 0
    var found: [EvidenceFile] = []
    for entry in archive.entries where !entry.isFolder {
        guard let bytes = try archive.read(entry.name), !bytes.isEmpty else { continue }
        do throws(EvidenceError) {
            switch sniff(bytes) {
            case .zip:
                let inner = try ZipArchive(bytes, unpacked: archive.unpacked + unpacked)
                guard inner.contains("OFD.xml") else { throw EvidenceError(.zipNested) }
                let before = inner.unpacked
                let (file, after) = try readCountedOFD(inner, file: entry.name, with: tools)
                unpacked += after - before
                found.append(file)
            case .xml: found.append(try readVoucherXML(try readXML(bytes), file: entry.name))
            case .pdf, .png, .jpeg, .unknown: continue
            }
        } catch {
            // A zip of the tax platform also holds what is no voucher, such as pictures and trip lists.
            if case .unsupported = error.fault { continue }
            throw error.inside(entry.name)
        }
    }
    guard !found.isEmpty else { throw EvidenceError(.unsupported(.zipWithoutVoucher)) }
    return try onePerNumber(found)
}

/// The tax platform hands out one invoice as XML, OFD and PDF together. The XML is the legal data and stays.
private func onePerNumber(_ files: [EvidenceFile]) throws(EvidenceError) -> [EvidenceFile] {
    var kept: [EvidenceFile] = []
    var positions: [String: Int] = [:]
    for file in files {
        guard let index = positions[file.registerKey] else {
            positions[file.registerKey] = kept.count
            kept.append(file)
            continue
        }
        guard kept[index].total == file.total, kept[index].tax == file.tax else {
            throw EvidenceError(
                .conflictingValues(
                    field: "total \(file.registerKey)", kept[index].total?.text ?? "", file.total?.text ?? ""
                ),
                part: file.file
            )
        }
        if file.kind == .einvXML { kept[index] = file }
    }
    return kept
}

private func readVoucherXML(_ root: XMLElement, file: String) throws(EvidenceError) -> EvidenceFile {
    if FiscalBill.fits(root) {
        var bill = try FiscalBill(root, file: file, part: "")
        return try bill.read()
    }
    if EInvoiceXML.fits(root) {
        var invoice = EInvoiceXML(root, kind: .einvXML, file: file, part: "")
        return try invoice.read()
    }
    if XBRLInstance.fits(root) {
        var voucher = try XBRLVoucher(try XBRLInstance(root), file: file, part: "")
        return try voucher.read(attachments: nil, signatures: [.absent])
    }
    throw EvidenceError(.unsupported(.xmlWithoutVoucher))
}

private func readOFD(
    _ archive: ZipArchive, file: String, with tools: EvidenceTools
) throws(EvidenceError) -> EvidenceFile {
    try readCountedOFD(archive, file: file, with: tools).file
}

/// Reads an OFD, and says how much has been unpacked in all.
private func readCountedOFD(
    _ archive: ZipArchive, file: String, with tools: EvidenceTools
) throws(EvidenceError) -> (file: EvidenceFile, unpacked: Int) {
    var found: [EvidenceFile] = []
    var unpacked = 0
    for package in try OFDPackage.open(archive) {
        var reader = try OFDVoucher(package, file: file, tools: tools)
        if let voucher = try reader.read() { found.append(voucher) }
        unpacked = max(unpacked, reader.unpacked)
    }
    guard let first = found.first else { throw EvidenceError(.unsupported(.ofdWithoutVoucher)) }
    guard found.allSatisfy({ $0.registerKey == first.registerKey && $0.total == first.total }) else {
        throw EvidenceError(.ambiguousFormat(.severalVouchers))
    }
    return (first, unpacked)
}
