import Cryptography
package import Kernel

/// Step 2: the vendor's form becomes our document, and the files it names are brought.
package struct Normaliser: Sendable {
    /// What stands behind a delivery.
    package enum Reading: Sendable {
        /// To be filed in a book. The problem says what a person has to fix in it first.
        case document(Document, book: Book.ID, problem: Problem?)
        case irrelevant(Phrase)
        /// Not even the envelope of a document.
        case unreadable(Problem)
    }

    private let schema: DocumentSchema
    private let desk: ConnectorDesk.Desk
    private let books: [Book]

    package init(schema: DocumentSchema, desk: ConnectorDesk.Desk, books: [Book]) {
        self.schema = schema
        self.desk = desk
        self.books = books
    }

    /// Fetches what a delivery points to and reads it.
    package func read(_ delivery: Delivery) async throws -> Reading {
        switch try await desk.connector.fetch(delivery.stored) {
        case .irrelevant(let why):
            return .irrelevant(why)
        case .document(let json):
            return place(json, mappingProblem: nil)
        case .instance(let payload):
            let mapping: Mapping
            do throws(MappingError) {
                mapping = try Mapping(desk.setting.mapping)
            } catch {
                return .unreadable(error.problem)
            }
            let mapped = mapping.document(from: payload)
            return place(mapped.document, mappingProblem: mapped.problems.first?.problem)
        }
    }

    private func place(_ json: JSON, mappingProblem: Problem?) -> Reading {
        let document: Document
        do throws(DocumentError) {
            document = try Document(json: json)
        } catch {
            return .unreadable(mappingProblem ?? error.problem)
        }
        let problem = mappingProblem ?? schema.problem(in: json)
        guard let book = book(of: document) else {
            return .document(
                document, book: desk.setting.homeBook, problem: problem ?? unknownCompany(document)
            )
        }
        return .document(document, book: book, problem: problem)
    }

    /// The company's book: by the connector's own table, by a code of ours, or by its exact name.
    private func book(of document: Document) -> Book.ID? {
        guard let company = document.json["company"] else { return nil }
        let id = company["id"]?.string ?? ""
        if let named = desk.setting.options["companies"]?[id]?.string { return Book.ID(named) }
        let companies = books.filter { $0.kind == .company }
        let candidates = [company["code"]?.string, id].compactMap(\.self)
        return companies.first { candidates.contains($0.id.text) }?.id
            ?? companies.first { $0.name == company["name"]?.string }?.id
    }

    private func unknownCompany(_ document: Document) -> Problem {
        let company = document.json["company"]
        let name = "\(company?["name"]?.string ?? "?") (\(company?["id"]?.string ?? "?"))"
        return Problem(
            code: "company.unknown",
            title: Phrase(zh: "不知道这张单据属于哪个账套。", en: "No book is known for the document's company."),
            location: Phrase(zh: "/company", en: "/company"),
            cause: Phrase(zh: "公司 \(name) 没有对应的账套。", en: "The company \(name) has no book."),
            remedy: Phrase(
                zh: "请由实施人员在连接器中把该公司对应到账套，然后重放。",
                en: "Let the implementer map the company to a book in the connector, then replay it."
            )
        )
    }

    /// The document's attachments with their bytes.
    ///
    /// - Parameters:
    ///   - present: Names of those that need not be brought.
    ///   - givesUp: Whether a failure that may pass is reported with the file instead of thrown for another attempt.
    package func files(
        of document: Document, _ delivery: Delivery, except present: Set<String> = [], givesUp: Bool
    ) async throws -> [EvidenceStep.File] {
        var files: [EvidenceStep.File] = []
        for attachment in document.attachments {
            let name = attachment["name"]?.string?.nonEmpty ?? "?"
            guard !present.contains(name) else { continue }
            let mediaType = attachment["media_type"]?.string?.nonEmpty ?? "application/octet-stream"
            let content: EvidenceStep.File.Content
            do {
                content = try await .bytes(bytes(of: attachment, named: name, delivery))
            } catch let error as ConnectorError where givesUp || !error.isTransient {
                content = .missing(unreachable(name, error))
            } catch let error as AttachmentError {
                content = .missing(error.problem)
            }
            files.append(EvidenceStep.File(name: name, mediaType: mediaType, content: content))
        }
        return files
    }

    private func bytes(of attachment: JSON, named name: String, _ delivery: Delivery) async throws -> [UInt8] {
        let bytes: [UInt8]
        if let text = attachment["content_base64"]?.string {
            guard let decoded = Base64.decode(text) else { throw AttachmentError.notBase64(name) }
            bytes = decoded
        } else {
            let reference = AttachmentReference(name: name, url: attachment["url"]?.string, vendor: attachment)
            bytes = try await desk.connector.download(reference, of: delivery.stored)
        }
        if let expected = attachment["sha256"]?.string, sha256(bytes).hex != expected {
            throw AttachmentError.otherBytes(name, expected: expected, found: sha256(bytes).hex)
        }
        return bytes
    }

    private func unreachable(_ name: String, _ error: ConnectorError) -> Problem {
        Problem(
            code: "evidence.attachment_unreachable",
            title: Phrase(zh: "附件取不到。", en: "An attachment could not be fetched."),
            location: Phrase(zh: "附件 \(name)", en: "attachment \(name)"), cause: error.problem.cause,
            remedy: Phrase(
                zh: "请确认附件在 OA 中仍可下载，然后重试；或手工补传。",
                en: "Make sure the file can still be downloaded in the OA, then retry; or upload it by hand."
            )
        )
    }
}

extension Delivery {
    var stored: StoredDelivery {
        StoredDelivery(connector: connector, key: key, receivedAt: receivedAt, payload: payload)
    }
}

/// Why the bytes of an attachment are not those the document speaks of.
package enum AttachmentError: Error, Hashable {
    case notBase64(String)
    case otherBytes(String, expected: String, found: String)
}

extension AttachmentError: Explainable {
    package var problem: Problem {
        switch self {
        case .notBase64(let name):
            Problem(
                code: "evidence.attachment_not_base64",
                title: Phrase(zh: "附件内容不是 Base64。", en: "The attachment's content is not Base64."),
                location: Phrase(zh: "附件 \(name)", en: "attachment \(name)"),
                cause: Phrase(zh: "content_base64 无法解码。", en: "content_base64 cannot be decoded."),
                remedy: Phrase(zh: "请由发送方改正后以更高版本重发。", en: "Let the sender correct it and send a higher revision.")
            )
        case .otherBytes(let name, let expected, let found):
            Problem(
                code: "evidence.attachment_changed",
                title: Phrase(zh: "附件与单据声明的内容不同。", en: "The attachment is not the file the document speaks of."),
                location: Phrase(zh: "附件 \(name)", en: "attachment \(name)"),
                cause: Phrase(
                    zh: "声明的 SHA-256 为 \(expected)，实为 \(found)。",
                    en: "The SHA-256 it states is \(expected), the file's is \(found)."
                ),
                remedy: Phrase(
                    zh: "附件可能在审批后被替换，请在 OA 中核实。",
                    en: "The file may have been replaced after approval; check it in the OA."
                )
            )
        }
    }
}
