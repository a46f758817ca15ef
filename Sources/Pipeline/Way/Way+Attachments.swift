import Kernel

/// What a case that runs again does about attachments.
extension Way {
    /// Asks again for attachments that never came, or were not those the document speaks of.
    ///
    /// - Returns: Why one of them is still not there.
    func refetch(_ id: Case.ID, in book: Book.ID) async throws -> Problem? {
        let found = try await store.read(book) { snapshot -> (Document, String, [EvidenceRecord])? in
            guard let json = try snapshot.cases.document(of: id), let key = try snapshot.cases.delivery(of: id) else {
                return nil
            }
            return (try Document(json: json), key, try snapshot.evidence.evidence(of: id))
        }
        guard let (document, key, records) = found, !document.outcome.takesBack else { return nil }
        let right = EvidenceStep.standing(records).filter { !$0.isOfChangedFile }
        let present = Set(right.map(\.fileName))
        guard document.attachments.contains(where: { !present.contains($0["name"]?.string ?? "") }),
            let desk = try await connectors.desk(document.approval.connector),
            let delivery = try await store.read(
                Book.inbox(of: document.approval.connector), { try $0.inbox.delivery(key) }
            )
        else { return nil }
        var whole = document
        // The bytes that came inside are in the delivery, and not in the document that is kept.
        if document.attachments.contains(where: { $0["url"] == nil }),
            case .document(let json) = try await desk.connector.fetch(delivery.stored)
        {
            whole = try Document(json: json)
        }
        var progress = Intake.Progress()
        let bytes = Dictionary(right.map { ($0.digest, $0.size) }, uniquingKeysWith: max).values.reduce(0, +)
        let files = try await intake(of: delivery, at: desk).attachments(
            of: whole, present: (present, bytes), patienceSeconds: 0, &progress
        )
        try await add(files, to: id, besides: records, in: book)
        if let waits = files.waits { throw waits }
        return files.readings.first { $0.digest == nil }?.refusal
    }

    /// Files attachments that came after their case; what is on record already is not filed twice.
    private func add(
        _ files: Intake.Attachments, to id: Case.ID, besides records: [EvidenceRecord], in book: Book.ID
    ) async throws {
        let readings = files.readings.filter { reading in
            reading.digest != nil
                && !records.contains { $0.fileName == reading.name && $0.digest == reading.digest }
        }
        guard !readings.isEmpty else { return }
        let now = clock()
        try await store.commit(book, key: unitKey("attachments", id.text), actor: "system", at: now) { unit in
            for original in files.originals { try unit.originals.name(original, mediaType: "application/octet-stream") }
            for record in EvidenceStep.records(of: readings, caseID: id, at: now) { try unit.evidence.add(record.late) }
        }
    }
}

extension EvidenceRecord {
    /// The record of an attachment that came after the case; its id must not meet an earlier one.
    fileprivate var late: EvidenceRecord {
        EvidenceRecord(
            id: id + "-" + String(digest.hex.prefix(8)), caseID: caseID, fileName: fileName, digest: digest,
            mediaType: mediaType, size: size, kind: kind, number: number, registerKey: registerKey, fields: fields,
            ruleFields: ruleFields, addedAt: addedAt
        )
    }
}
