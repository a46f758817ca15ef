import Cryptography
import Jobs
import Kernel

/// Brings what a delivery points to: its instance, then its attachments one at a time (取件).
///
/// What came is kept when something else has to be waited for, so that each attempt goes on where the last one stopped: a
/// partner that refuses every second call is slow, and no more than that.
struct Intake: Sendable {
    /// How much one document may bring. The count is the schema's.
    static let attachmentLimit = 500
    static let byteLimit = 256 << 20
    /// How long an attachment is asked for before the case is held for a person, where the connector says nothing else.
    static let standardPatienceSeconds: Int64 = 15 * 60

    let store: any BookStore
    let desk: ConnectorDesk.Desk
    let delivery: Delivery
    let gate: DownloadGate
    let threads: any WorkThreads
    let clock: @Sendable () -> Timestamp

    /// What is there of a delivery already, and what came since.
    struct Progress: Sendable {
        fileprivate var known: [Int: FetchedPart] = [:]
        fileprivate var instance: JSON?
        fileprivate var new: [FetchedPart] = []
        fileprivate var originals: [KeptOriginal] = []

        /// Whether an earlier attempt left something that is to be forgotten in the end.
        var isStored: Bool { !known.isEmpty }
    }

    /// An attachment that was read and kept, or did not come.
    struct Brought: Sendable {
        let reading: EvidenceStep.Reading
        let original: KeptOriginal?
    }

    /// The attachments, and for what a later attempt has to wait.
    struct Attachments: Sendable {
        var brought: [Brought] = []
        var waits: ConnectorError?

        var readings: [EvidenceStep.Reading] { brought.map(\.reading) }
        var originals: [KeptOriginal] { brought.compactMap(\.original) }
    }

    private var inbox: Book.ID { Book.inbox(of: delivery.connector) }

    /// What earlier attempts of a job brought.
    func progress(before job: Job) async throws -> Progress {
        guard job.attempt > 1 || job.lastProblem != nil else { return Progress() }
        let key = delivery.key
        let parts = try await store.read(inbox) { try $0.inbox.fetched(key) }
        return Progress(known: Dictionary(parts.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The instance, from an earlier attempt or from the OA.
    func instance(_ progress: inout Progress) async throws -> FetchedInstance {
        if let bytes = try await original(FetchedPart.instance, progress) {
            return .instance(try await threads.run { try JSON(parsing: bytes) })
        }
        let fetched = try await desk.connector.fetch(delivery.stored)
        if case .instance(let payload) = fetched { progress.instance = payload }
        return fetched
    }

    /// The document's attachments, each read and kept as it comes.
    ///
    /// - Parameters:
    ///   - present: Names of those that need not be brought, and their bytes together.
    ///   - patienceSeconds: How long one that may still come is waited for; 0 asks once. A partner that asks to slow down is
    ///     always waited for.
    func attachments(
        of document: Document, present: (names: Set<String>, bytes: Int) = ([], 0), patienceSeconds: Int64,
        _ progress: inout Progress
    ) async throws -> Attachments {
        var found = Attachments()
        let listed = document.attachments
        guard listed.count <= Self.attachmentLimit else {
            let error = AttachmentError.tooMany(count: listed.count, limit: Self.attachmentLimit)
            found.brought = [Brought(reading: .missing("?", mediaType: Self.anyType, error.problem), original: nil)]
            return found
        }
        var spent = present.bytes
        for (number, attachment) in zip(1..., listed) {
            let name = attachment["name"]?.string?.nonEmpty ?? "?"
            guard !present.names.contains(name) else { continue }
            let mediaType = attachment["media_type"]?.string?.nonEmpty ?? Self.anyType
            do {
                let bytes = try await bytes(of: attachment, number, name, &progress)
                spent += bytes.count
                guard spent <= Self.byteLimit else {
                    throw AttachmentError.tooLargeTogether(name, bytes: spent, limit: Self.byteLimit)
                }
                found.brought.append(try await keep(bytes, attachment, number, name, mediaType, &progress))
            } catch let error as AttachmentError {
                found.brought.append(Self.missing(name, mediaType, error))
                if case .tooLargeTogether = error { break }
            } catch let error as ConnectorError {
                guard waits(for: number, error, patienceSeconds, &progress) else {
                    found.brought.append(Self.missing(name, mediaType, .unreachable(name, error.problem.cause)))
                    continue
                }
                found.waits = found.waits ?? error
                if case .throttled = error { break }
            }
        }
        return found
    }

    /// Keeps what came, in one unit of the inbox, for the next attempt.
    func save(_ progress: Progress, _ lease: Lease) async throws {
        var parts = progress.new
        var originals = progress.originals
        let now = clock()
        if let instance = progress.instance {
            let kept = try await store.keep(instance.utf8)
            originals.append(kept)
            parts.append(FetchedPart(number: FetchedPart.instance, digest: kept.digest, askedAt: now))
        }
        guard !parts.isEmpty else { return }
        let key = delivery.key
        let (news, files) = (parts, originals)
        try await store.commit(
            inbox, key: unitKey("fetched", key), actor: "connector:" + delivery.connector, at: now
        ) { unit in
            try unit.fence(lease)
            for file in files { try unit.originals.name(file, mediaType: Self.anyType) }
            for part in news { try unit.inbox.set(part, of: key) }
        }
    }

    private static let anyType = "application/octet-stream"

    private static func missing(_ name: String, _ mediaType: String, _ error: AttachmentError) -> Brought {
        Brought(reading: .missing(name, mediaType: mediaType, error.problem), original: nil)
    }

    /// Whether a later attempt may bring what did not come now. The time counts from the first attempt.
    private func waits(
        for number: Int, _ error: ConnectorError, _ patienceSeconds: Int64, _ progress: inout Progress
    ) -> Bool {
        guard error.isTransient else { return false }
        let now = clock()
        let askedAt = progress.known[number]?.askedAt ?? now
        if progress.known[number] == nil {
            progress.new.append(FetchedPart(number: number, digest: nil, askedAt: askedAt))
        }
        if case .throttled = error { return true }
        return now < askedAt.adding(seconds: patienceSeconds)
    }

    private func bytes(
        of attachment: JSON, _ number: Int, _ name: String, _ progress: inout Progress
    ) async throws -> [UInt8] {
        if let text = attachment["content_base64"]?.string {
            return try await threads.run {
                guard let decoded = Base64.decode(text) else { throw AttachmentError.notBase64(name) }
                return decoded
            }
        }
        if let bytes = try await original(number, progress) { return bytes }
        let reference = AttachmentReference(name: name, url: attachment["url"]?.string, vendor: attachment)
        await gate.enter(delivery.connector)
        let result: Result<[UInt8], ConnectorError>
        do throws(ConnectorError) {
            result = .success(try await desk.connector.download(reference, of: delivery.stored))
        } catch {
            result = .failure(error)
        }
        await gate.leave(delivery.connector)
        return try result.get()
    }

    /// Reads the bytes on a thread of their own and keeps them; afterwards nothing here holds a large file.
    private func keep(
        _ bytes: [UInt8], _ attachment: JSON, _ number: Int, _ name: String, _ mediaType: String,
        _ progress: inout Progress
    ) async throws -> Brought {
        let stated = attachment["sha256"]?.string
        let reading = try await threads.run {
            let found = stated == nil ? nil : sha256(bytes).hex
            let refusal = stated.flatMap { stated in
                found.flatMap {
                    $0 == stated ? nil : AttachmentError.otherBytes(name, expected: stated, found: $0).problem
                }
            }
            return EvidenceStep.read(
                EvidenceStep.File(name: name, mediaType: mediaType, bytes: bytes, refusal: refusal)
            )
        }
        let original = try await store.keep(bytes)
        if attachment["content_base64"] == nil, progress.known[number]?.digest == nil {
            let askedAt = progress.known[number]?.askedAt ?? clock()
            progress.new.append(FetchedPart(number: number, digest: original.digest, askedAt: askedAt))
            progress.originals.append(original)
        }
        return Brought(reading: reading, original: original)
    }

    private func original(_ number: Int, _ progress: Progress) async throws -> [UInt8]? {
        guard let digest = progress.known[number]?.digest else { return nil }
        return try await store.read(inbox) { try $0.originals.bytes(digest) }
    }
}

extension ConnectorDesk.Desk {
    /// How long an attachment that may still come is waited for before a person is asked (`attachment_wait_minutes`).
    var attachmentPatienceSeconds: Int64 {
        guard let minutes = setting.options["attachment_wait_minutes"]?.integer else {
            return Intake.standardPatienceSeconds
        }
        return Int64(min(max(minutes, 0), 7 * 24 * 60)) * 60
    }
}
