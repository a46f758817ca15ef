import Cryptography
package import Evidence
package import Kernel

/// Step 3: the attachments of a document are read; what is an electronic voucher is bound to the case.
package enum EvidenceStep {
    /// One attachment with its bytes.
    package struct File: Sendable {
        package let name: String
        package let mediaType: String
        package let bytes: [UInt8]
        /// Why the bytes are kept and not read, such as that they are not those the document speaks of.
        package let refusal: Problem?

        package init(name: String, mediaType: String, bytes: [UInt8], refusal: Problem? = nil) {
            self.name = name
            self.mediaType = mediaType
            self.bytes = bytes
            self.refusal = refusal
        }
    }

    /// An attachment after reading: the vouchers in it, or why there are none. It no longer holds the bytes.
    package struct Reading: Sendable {
        package let name: String
        package let mediaType: String
        package let size: Int
        /// `nil` where the file did not come.
        package let digest: Digest?
        package let vouchers: [EvidenceFile]
        package let refusal: Problem?

        /// An attachment that did not come.
        package static func missing(_ name: String, mediaType: String, _ problem: Problem) -> Reading {
            Reading(name: name, mediaType: mediaType, size: 0, digest: nil, vouchers: [], refusal: problem)
        }
    }

    /// Reads one attachment. A file that is no electronic voucher is an attachment like any other.
    package static func read(_ file: File) -> Reading {
        func reading(_ vouchers: [EvidenceFile], _ refusal: Problem?) -> Reading {
            Reading(
                name: file.name, mediaType: file.mediaType, size: file.bytes.count, digest: sha256(file.bytes),
                vouchers: vouchers, refusal: refusal
            )
        }
        if let refusal = file.refusal { return reading([], refusal) }
        do throws(EvidenceError) {
            return reading(try readEvidence(file.bytes, name: file.name), nil)
        } catch {
            return reading([], error.problem)
        }
    }

    /// The records of what was read, one for each voucher, and one for each file without any.
    package static func records(of readings: [Reading], caseID: Case.ID, at now: Timestamp) -> [EvidenceRecord] {
        readings.enumerated().flatMap { position, reading -> [EvidenceRecord] in
            guard let digest = reading.digest else { return [] }
            func record(_ index: Int, _ voucher: EvidenceFile?) -> EvidenceRecord {
                EvidenceRecord(
                    id: "\(caseID.text)-\(position + 1)-\(index + 1)", caseID: caseID, fileName: reading.name,
                    digest: digest, mediaType: reading.mediaType, size: reading.size,
                    kind: voucher?.kind.rawValue, number: voucher?.number, registerKey: voucher?.registerKey,
                    fields: voucher?.json(file: reading.name, sha256: digest)
                        ?? .object([
                            ("file", .string(reading.name)), ("sha256", .string(digest.hex)),
                            ("refused", reading.refusal?.json ?? .null),
                        ]),
                    ruleFields: voucher.map { $0.ruleFields.setting("file", .string(reading.name)) },
                    addedAt: now
                )
            }
            if reading.vouchers.isEmpty { return [record(0, nil)] }
            return reading.vouchers.enumerated().map { record($0.offset, $0.element) }
        }
    }

    /// What is said of a file that is no e-voucher at all: a photo, a contract, a note. It is an attachment like any other.
    private static let ordinary: Set<String> = ["evidence.unsupported", "evidence.unsupported_format"]

    /// Why the case cannot go on with these attachments; `nil` when it can.
    package static func problem(of readings: [Reading], records: [EvidenceRecord], document: Document) -> Problem? {
        for reading in readings {
            if let refusal = reading.refusal, !ordinary.contains(refusal.code) { return refusal }
        }
        return problem(of: records, document: document)
    }

    /// What counts of what is on record: a file that was not the right one gives way to the next that came in its place.
    package static func standing(_ records: [EvidenceRecord]) -> [EvidenceRecord] {
        records.filter { record in
            !record.isOfChangedFile
                || !records.contains { $0.fileName == record.fileName && $0.addedAt > record.addedAt }
        }
    }

    /// Why the case cannot go on with what was read; `nil` when it can.
    package static func problem(of records: [EvidenceRecord], document: Document) -> Problem? {
        let present = Set(records.map(\.fileName))
        for attachment in document.attachments {
            let name = attachment["name"]?.string?.nonEmpty ?? "?"
            guard present.contains(name) else { return AttachmentError.neverCame(name).problem }
        }
        for record in records {
            if let refusal = record.fields["refused"].flatMap({ Problem(json: $0) }),
                !ordinary.contains(refusal.code)
            {
                return refusal
            }
            guard let failed = record.fields["checks"]?.array?.first(where: { $0["ok"]?.bool == false }) else {
                continue
            }
            let detail = failed["detail"]?.string ?? ""
            return Problem(
                code: "evidence.check_failed",
                title: Phrase(zh: "电子凭证的内容自相矛盾。", en: "The e-voucher contradicts itself."),
                location: Phrase(
                    zh: "\(record.fileName)，\(failed["name"]?.string ?? "")",
                    en: "\(record.fileName), \(failed["name"]?.string ?? "")"
                ),
                cause: Phrase(zh: detail, en: detail),
                remedy: Phrase(
                    zh: "请向开票方索取正确的电子凭证，并在 OA 中替换附件。",
                    en: "Ask the issuer for the correct file and replace the attachment in the OA."
                )
            )
        }
        guard document.recognisesEvidence else { return nil }
        let read = Set(records.compactMap(\.number))
        for (index, item) in document.items.enumerated() {
            for cited in item["evidence"]?.array ?? [] {
                guard let number = cited["number"]?.string, !read.contains(number) else { continue }
                return Problem(
                    code: "evidence.missing",
                    title: Phrase(zh: "明细引用的票据没有读到。", en: "The invoice an item names was not found."),
                    location: Phrase(zh: "/items/\(index)，发票 \(number)", en: "/items/\(index), invoice \(number)"),
                    cause: Phrase(
                        zh: "附件中没有可读取的该号码电子凭证。",
                        en: "No attachment is a readable e-voucher with this number."
                    ),
                    remedy: Phrase(
                        zh: "请上传该票据的 OFD 或 XML 原件后重试。",
                        en: "Upload the original OFD or XML of the invoice, then retry."
                    )
                )
            }
        }
        return nil
    }
}

extension EvidenceRecord {
    /// Whether the file came and is not the one the document speaks of.
    package var isOfChangedFile: Bool { fields["refused"]?["code"]?.string == AttachmentError.changedCode }
}
