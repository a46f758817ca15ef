import Access
package import Kernel

/// How a vendor's form becomes a document: tried first, then changed (映射).
extension ConnectorOffice {
    private static let page = 100
    private static let deliveryLimit = 1_000

    /// What a mapping is tried on.
    package enum Sample: Sendable {
        /// A vendor's instance that somebody has.
        case payload(JSON)
        /// Something that came already, by the key of its delivery; the instance is fetched from the OA again.
        case delivery(String)
    }

    /// What a mapping makes of a sample.
    package struct Trial: Sendable {
        /// `nil` when the sample says nothing about an outcome.
        package let document: JSON?
        /// What would hold the case, first what counts.
        package let problems: [Problem]
        /// Labels of fields that no rule took.
        package let unmapped: [String]
    }

    /// Tries a mapping. Nothing is stored.
    ///
    /// - Parameter mapping: The one in use if it is missing.
    package func trial(
        of mapping: JSON?, on sample: Sample, connector id: String, by visitor: Visitor
    ) async throws -> Trial {
        let setting = try await setting(id, by: visitor)
        try requireMapping(of: setting)
        let candidate = mapping ?? setting.mapping
        try Self.check(candidate, of: setting.kind)
        guard let payload = try await payload(of: sample, at: setting) else {
            return Trial(document: nil, problems: [], unmapped: [])
        }
        let mapped = try Mapping(candidate).document(from: payload)
        let problems = mapped.problems.map(\.problem) + [schema.problem(in: mapped.document)].compactMap(\.self)
        return Trial(document: mapped.document, problems: problems, unmapped: mapped.unmapped)
    }

    /// Puts a mapping into use as the next version. What waited for it is read again: held deliveries, and cases held
    /// at the step that reads the form.
    package func setMapping(_ mapping: JSON, of id: String, by visitor: Visitor) async throws -> ConnectorSetting {
        try requireMapping(of: try await setting(id, by: visitor))
        // The log keeps every version, so that a run that names one can be understood later.
        let setting = try await change(
            id, by: visitor,
            noting: {
                ("connector.mapping_set", ["version": .integer($0.mappingVersion), "mapping": $0.mapping])
            }
        ) { old in
            try Self.check(mapping, of: old.kind)
            return old.mapping == mapping ? old : old.changed(mapping: mapping)
        }
        try await readAgain(setting, by: visitor.person.id.text)
        return setting
    }

    /// Refuses a mapping that cannot be used for a kind of connector.
    static func check(_ mapping: JSON, of kind: String) throws(MappingError) {
        let platform = try Mapping(mapping).platform
        guard platform == kind else { throw .malformed(path: "platform", expected: "“\(kind)”") }
    }

    private func requireMapping(of setting: ConnectorSetting) throws(ConnectorOfficeError) {
        guard kinds.first(where: { $0.id == setting.kind })?.needsMapping == true else {
            throw .takesNoMapping(setting.id)
        }
    }

    private func payload(of sample: Sample, at setting: ConnectorSetting) async throws -> JSON? {
        switch sample {
        case .payload(let json): return json
        case .delivery(let key):
            guard let delivery = try await store.read(Book.inbox(of: setting.id), { try $0.inbox.delivery(key) }) else {
                throw CaseDeskError.unknownDelivery(key)
            }
            return switch try await catalogue.connector(for: setting).fetch(delivery.stored) {
            case .instance(let json), .document(let json): json
            case .irrelevant: nil
            }
        }
    }

    private func readAgain(_ setting: ConnectorSetting, by: String) async throws {
        let inbox = Book.inbox(of: setting.id)
        let keys = try await store.read(inbox) { try $0.inbox.held(limit: Self.deliveryLimit) }
        for start in stride(from: 0, to: keys.count, by: Self.page) {
            let some = keys[start..<min(start + Self.page, keys.count)]
            try await store.commit(inbox, key: unitKey("mapping", setting.id), actor: by, at: clock()) { unit in
                for key in some { try CaseDesk.replay(key, in: unit) }
            }
        }
        wake(inbox)
        for company in try await store.books() where company.kind == .company {
            var cursor: String?
            repeat {
                let query = CaseQuery(states: [.held], step: .normalise, limit: Self.page, cursor: cursor)
                let held = try await store.read(company.id) { try $0.cases.page(query) }
                cursor = held.next
                let some = held.items.filter { $0.approval.connector == setting.id }
                if some.isEmpty { continue }
                try await store.commit(
                    company.id, key: unitKey("mapping", setting.id), actor: by, at: clock()
                ) { unit in
                    for one in some { try CaseDesk.enqueue(one, by: by, reason: "mapping", in: unit) }
                }
            } while cursor != nil
            wake(company.id)
        }
    }
}
