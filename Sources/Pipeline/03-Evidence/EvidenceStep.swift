import Cryptography
package import Evidence
package import Kernel

/// Step 3: the attachments of a document are read; what is an electronic voucher is bound to the case.
package enum EvidenceStep {
    /// One attachment with its bytes, or with the reason why there are none.
    package struct File: Sendable {
        package let name: String
        package let mediaType: String
        package let content: Content

        package enum Content: Sendable {
            case bytes([UInt8])
            case missing(Problem)
        }

        package init(name: String, mediaType: String, content: Content) {
            self.name = name
            self.mediaType = mediaType
            self.content = content
        }
    }

    /// An attachment after reading: the vouchers in it, or why it was refused.
    package struct Reading: Sendable {
        package let file: File
        package let digest: Digest?
        package let vouchers: [EvidenceFile]
        package let refusal: Problem?
    }

    /// Reads one attachment. A file that is no electronic voucher is an attachment like any other.
    package static func read(_ file: File) -> Reading {
        guard case .bytes(let bytes) = file.content else {
            return Reading(file: file, digest: nil, vouchers: [], refusal: nil)
        }
        let digest = sha256(bytes)
        do throws(EvidenceError) {
            return Reading(
                file: file, digest: digest, vouchers: try readEvidence(bytes, name: file.name), refusal: nil
            )
        } catch {
            return Reading(file: file, digest: digest, vouchers: [], refusal: error.problem)
        }
    }

    /// The records of what was read, one for each voucher, and one for each file without any.
    package static func records(of readings: [Reading], caseID: Case.ID, at now: Timestamp) -> [EvidenceRecord] {
        readings.enumerated().flatMap { position, reading -> [EvidenceRecord] in
            guard let digest = reading.digest, case .bytes(let bytes) = reading.file.content else { return [] }
            func record(_ index: Int, _ voucher: EvidenceFile?) -> EvidenceRecord {
                EvidenceRecord(
                    id: "\(caseID.text)-\(position + 1)-\(index + 1)", caseID: caseID, fileName: reading.file.name,
                    digest: digest, mediaType: reading.file.mediaType, size: bytes.count,
                    kind: voucher?.kind.rawValue, number: voucher?.number, registerKey: voucher?.registerKey,
                    fields: voucher?.json(file: reading.file.name, sha256: digest)
                        ?? .object([
                            ("file", .string(reading.file.name)), ("sha256", .string(digest.hex)),
                            ("refused", reading.refusal?.json ?? .null),
                        ]),
                    ruleFields: voucher.map { $0.ruleFields.setting("file", .string(reading.file.name)) },
                    addedAt: now
                )
            }
            if reading.vouchers.isEmpty { return [record(0, nil)] }
            return reading.vouchers.enumerated().map { record($0.offset, $0.element) }
        }
    }

    /// Why the case cannot go on with these attachments; `nil` when it can.
    package static func problem(of readings: [Reading], records: [EvidenceRecord], document: Document) -> Problem? {
        for reading in readings {
            if case .missing(let problem) = reading.file.content { return problem }
            if let refusal = reading.refusal, refusal.code != "evidence.unsupported" { return refusal }
        }
        return problem(of: records, document: document)
    }

    private static func notThere(_ name: String) -> Problem {
        Problem(
            code: "evidence.attachment_unreachable",
            title: Phrase(zh: "附件取不到。", en: "An attachment could not be fetched."),
            location: Phrase(zh: "附件 \(name)", en: "attachment \(name)"),
            cause: Phrase(zh: "单据列有该附件，但没有收到文件。", en: "The document lists it, but its file never came."),
            remedy: Phrase(
                zh: "请确认附件在 OA 中仍可下载，然后重试；或手工补传。",
                en: "Make sure the file can still be downloaded in the OA, then retry; or upload it by hand."
            )
        )
    }

    /// Why the case cannot go on with what was read; `nil` when it can.
    package static func problem(of records: [EvidenceRecord], document: Document) -> Problem? {
        let present = Set(records.map(\.fileName))
        for attachment in document.attachments {
            let name = attachment["name"]?.string?.nonEmpty ?? "?"
            guard present.contains(name) else { return notThere(name) }
        }
        for record in records {
            if let refusal = record.fields["refused"].flatMap({ Problem(json: $0) }),
                refusal.code != "evidence.unsupported"
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
