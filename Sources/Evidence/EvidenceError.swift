package import Kernel

/// Why a file is not read as evidence: which file, which part of it, and what is wrong.
package struct EvidenceError: Error, Hashable {
    package let fault: EvidenceFault
    /// The name the sender gave the file.
    package let file: String
    /// The entry of the package concerned; `nil` when it is the file itself.
    package let part: String?

    init(_ fault: EvidenceFault, file: String = "", part: String? = nil) {
        self.fault = fault
        self.file = file
        self.part = part
    }

    /// The same error, told of a file; a part that is already known stays.
    func named(_ file: String) -> EvidenceError { EvidenceError(fault, file: file, part: part) }

    /// The same error, told of a part where none is known yet.
    func inside(_ part: String) -> EvidenceError { EvidenceError(fault, file: file, part: self.part ?? part) }
}

/// What is wrong with a file that is refused.
package enum EvidenceFault: Hashable, Sendable {
    case empty
    case tooLarge(bytes: Int, limit: Int)
    /// The bytes are of no kind a voucher comes in.
    case unsupportedFormat
    /// The carrier is known, but is not read yet, or holds no voucher.
    case unsupported(Carrier)
    case ambiguousFormat(Ambiguity)
    case encrypted

    case zipBomb(Bomb)
    case zipPathEscape(String)
    case zipDuplicateEntry(String)
    case zipSymbolicLink(String)
    case zipTruncated
    case zipBadDirectory(DirectoryFlaw)
    case zipDamaged(DataFlaw)
    case zipUnsupportedMethod(Int)
    case zipNested

    case xmlDTDForbidden
    case xmlTooDeep(limit: Int)
    case xmlTooManyNodes(limit: Int)
    case xmlTooManyAttributes(limit: Int)
    case xmlTooLarge(bytes: Int, limit: Int)
    case xmlMalformed(line: Int)
    case unsupportedEncoding(String)
    case encodingMismatch(declared: String)
    case invalidUTF8(byte: Int)
    case nulByte(byte: Int)

    case ofdPartMissing(String)
    /// Reading the PDF took more time or memory than a voucher does.
    case pdfLimit
    case pdfDamaged
    case missingField(String)
    case invalidAmount(field: String, text: String)
    case amountOutOfRange(field: String, text: String)
    case conflictingValues(field: String, String, String)

    package enum Carrier: String, Sendable {
        case pdfWithoutTools, pdfWithoutVoucher, png, jpeg, ofdWithoutVoucher, xmlWithoutVoucher, xbrlOfUnknownTaxonomy,
            postingInformation,
            zipWithoutVoucher
    }

    package enum Ambiguity: String, Sendable {
        case pdfAndZip, severalVouchers
    }

    package enum Bomb: Hashable, Sendable {
        case entries(Int, limit: Int)
        case entrySize(limit: Int)
        case totalSize(limit: Int)
        case ratio(limit: Int)
        case overlap
    }

    package enum DirectoryFlaw: String, Sendable {
        case position, count, record, localHeader, localName, localSize, name, trailingBytes, zip64, severalDisks
    }

    package enum DataFlaw: String, Sendable {
        case deflate, size, checksum
    }

    /// The name of the class of fault, stable: `zip_bomb`, `xml_dtd_forbidden`.
    package var name: String {
        switch self {
        case .empty: "empty"
        case .tooLarge: "too_large"
        case .unsupportedFormat: "unsupported_format"
        case .unsupported: "unsupported"
        case .ambiguousFormat: "ambiguous_format"
        case .encrypted: "encrypted"
        case .zipBomb: "zip_bomb"
        case .zipPathEscape: "zip_path_escape"
        case .zipDuplicateEntry: "zip_duplicate_entry"
        case .zipSymbolicLink: "zip_symlink"
        case .zipTruncated: "zip_truncated"
        case .zipBadDirectory: "zip_bad_directory"
        case .zipDamaged: "zip_damaged"
        case .zipUnsupportedMethod: "zip_unsupported_method"
        case .zipNested: "zip_nested"
        case .xmlDTDForbidden: "xml_dtd_forbidden"
        case .xmlTooDeep: "xml_too_deep"
        case .xmlTooManyNodes: "xml_too_many_nodes"
        case .xmlTooManyAttributes: "xml_too_many_attributes"
        case .xmlTooLarge: "xml_too_large"
        case .xmlMalformed: "xml_malformed"
        case .unsupportedEncoding: "unsupported_encoding"
        case .encodingMismatch: "encoding_mismatch"
        case .invalidUTF8: "invalid_utf8"
        case .nulByte: "nul_byte"
        case .ofdPartMissing: "ofd_part_missing"
        case .pdfLimit: "pdf_limit"
        case .pdfDamaged: "pdf_damaged"
        case .missingField: "missing_field"
        case .invalidAmount: "invalid_amount"
        case .amountOutOfRange: "amount_out_of_range"
        case .conflictingValues: "conflicting_values"
        }
    }
}

extension EvidenceError: Explainable {
    package var problem: Problem {
        Problem(
            code: "evidence.\(fault.name)",
            title: fault.title,
            location: part.map { Phrase(zh: "文件「\(file)」中的「\($0)」", en: "file “\(file)”, part “\($0)”") }
                ?? Phrase(zh: "文件「\(file)」", en: "file “\(file)”"),
            cause: fault.cause,
            remedy: fault.remedy
        )
    }

    /// What `pingqiao evidence read` prints of a refused file: its code without the room, its title and cause.
    package func refusal(in language: Language = .zh) -> JSON {
        .object([
            ("code", .string(fault.name)),
            ("title", .string(fault.title.text(in: language))),
            ("cause", .string(fault.cause.text(in: language))),
        ])
    }
}
