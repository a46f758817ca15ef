import Access
import Cryptography
import Kernel
import Ledger
import Pipeline
import Storage
import TestSupport
import Testing

@Suite("EvidenceRepository")
struct EvidenceRepositoryTests {
    @Test("keeps what was read, once", arguments: Engine.available)
    func keeps(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let record = Sample.evidence("E1", caseID: "C1")
            try await fixture.commit { unit in
                try unit.evidence.add(record)
                try unit.evidence.add(record)
                try unit.evidence.add(Sample.evidence("E2", caseID: "C2", bytes: [4]))
            }
            let (ofCase, found, page, none) = try await fixture.read {
                (
                    try $0.evidence.evidence(of: "C1"), try $0.evidence.find("E2"),
                    try $0.evidence.page(text: "00e2", limit: 5, cursor: nil), try $0.evidence.find("E3")
                )
            }
            #expect(ofCase == [record])
            #expect(found?.caseID == "C2" && none == nil)
            #expect(page.items.map(\.id) == ["E2"])
        }
    }

    @Test("lets one case book an invoice, and frees it for the next", arguments: Engine.available)
    func usesOnce(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { try $0.evidence.use(Sample.use("K", "C1"), total: 500) }
            try await fixture.commit { try $0.evidence.use(Sample.use("K", "C1"), total: 500) }
            await #expect(throws: EvidenceUseError.alreadyUsed(registerKey: "K", by: "C1")) {
                try await fixture.commit { try $0.evidence.use(Sample.use("K", "C2"), total: 500) }
            }
            try await fixture.commit { try $0.evidence.use(Sample.use("K", "C3", role: .cite), total: 500) }
            #expect(try await fixture.read { try $0.evidence.uses(of: ["K", "L"]) }.map(\.caseID) == ["C1"])
            try await fixture.commit { unit in
                try unit.evidence.free(caseID: "C1")
                try unit.evidence.use(Sample.use("K", "C2"), total: 500)
            }
            #expect(try await fixture.read { try $0.evidence.uses(of: ["K"]) }.map(\.caseID) == ["C2"])
        }
    }

    @Test("hands a use over to a later case of the same approval", arguments: Engine.available)
    func takesOver(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { try $0.evidence.use(Sample.use("K", "C1", instance: "I1"), total: 500) }
            try await fixture.commit { try $0.evidence.use(Sample.use("K", "C2", instance: "I1"), total: 500) }
            try await fixture.commit { try $0.evidence.free(caseID: "C1") }
            #expect(try await fixture.read { try $0.evidence.uses(of: ["K"]) }.map(\.caseID) == ["C2"])
        }
    }

    @Test(
        "shares an invoice up to its total, whichever share is freed", arguments: Engine.available, ["C1", "C2", "C3"])
    func shares(engine: Engine, freed: String) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                for (id, share) in [("C1", 200), ("C2", 300), ("C3", 500)] as [(Case.ID, Int64)] {
                    try unit.evidence.use(Sample.use("K", id, share: share), total: 1_000)
                }
            }
            await #expect(throws: EvidenceUseError.overAllocated(registerKey: "K", total: 1_000, used: 1_000, asked: 1))
            {
                try await fixture.commit { try $0.evidence.use(Sample.use("K", "C4", share: 1), total: 1_000) }
            }
            await #expect(throws: EvidenceUseError.alreadyUsed(registerKey: "K", by: "C1")) {
                try await fixture.commit { try $0.evidence.use(Sample.use("K", "C4"), total: 1_000) }
            }
            let share: Int64 = ["C1": 200, "C2": 300, "C3": 500][freed] ?? 0
            try await fixture.commit { unit in
                try unit.evidence.free(caseID: Case.ID(freed))
                try unit.evidence.use(Sample.use("K", "C4", share: share), total: 1_000)
            }
            let uses = try await fixture.read { try $0.evidence.uses(of: ["K"]) }
            #expect(Set(uses.map(\.caseID.text)) == Set(["C1", "C2", "C3", "C4"]).subtracting([freed]))
            #expect(uses.compactMap(\.share).reduce(0, +) == 1_000)
        }
    }
}

@Suite("OriginalRepository")
struct OriginalRepositoryTests {
    @Test(
        "keeps small originals in the table and large ones in files", arguments: Engine.available,
        [0, 1, OriginalFiles.tableLimit, OriginalFiles.tableLimit + 1]
    )
    func keeps(engine: Engine, size: Int) async throws {
        try await withBooks(engine) { fixture in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let kept = try await fixture.books.keep(bytes)
            #expect(kept.digest == sha256(bytes) && kept.size == size)
            #expect((kept.inlineBytes == nil) == (size > OriginalFiles.tableLimit))
            try await fixture.commit { unit in
                try unit.originals.name(kept, mediaType: "application/pdf")
                try unit.originals.name(kept, mediaType: "application/pdf")
            }
            #expect(try await fixture.read { try $0.originals.bytes(kept.digest) } == bytes)
            #expect(try await fixture.read(book: "other") { try $0.originals.bytes(kept.digest) } == nil)
        }
    }
}

@Suite("InstallationRepository")
struct InstallationRepositoryTests {
    private static let book = Book.installation

    @Test("keeps people, rights and sessions", arguments: Engine.available)
    func keeps(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let person = StoredPerson(
                person: Person(id: "p1", login: "zhang", name: "张三"), passwordHash: "phc", oneTimeUntil: .test
            )
            let grant = Grant(person: "p1", role: .maker, book: "B1")
            let sessions = (0..<3).map { index in
                StoredSession(
                    tokenHash: sha256([UInt8(index)]), personID: "p1", startedAt: .test, lastUsedAt: .test,
                    csrfToken: "c"
                )
            }
            try await fixture.commit(book: Self.book) { unit in
                try unit.installation.set(person)
                try unit.installation.set(grant)
                try unit.installation.set(grant)
                for session in sessions { try unit.installation.add(session) }
            }
            let later = Timestamp.test.adding(seconds: 9)
            try await fixture.commit(book: Self.book) { try $0.installation.touch(sessions[0].tokenHash, at: later) }
            try await fixture.commit(book: Self.book) { try $0.installation.endSession(sessions[1].tokenHash) }
            let (found, people, grants, touched, ended) = try await fixture.read(book: Self.book) {
                (
                    try $0.installation.person(login: "zhang"), try $0.installation.people(),
                    try $0.installation.grants(), try $0.installation.session(tokenHash: sessions[0].tokenHash),
                    try $0.installation.session(tokenHash: sessions[1].tokenHash)
                )
            }
            #expect(found == person && people == [person.person] && grants == [grant])
            #expect(touched?.lastUsedAt == later && ended == nil)
            try await fixture.commit(book: Self.book) { unit in
                try unit.installation.endSessions(of: "p1")
                try unit.installation.revoke(grant)
                try unit.installation.revoke(grant)
            }
            let (gone, left) = try await fixture.read(book: Self.book) {
                (try $0.installation.session(tokenHash: sessions[2].tokenHash), try $0.installation.grants())
            }
            #expect(gone == nil && left == [])
            #expect(try await LogVerifier(fixture.books).verify(Self.book).difference == nil)
        }
    }

    @Test("seals the secrets of a connector and keeps them out of the log", arguments: Engine.available)
    func seals(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let setting = ConnectorSetting(
                id: "generic", kind: "generic", name: "OA", homeBook: "B1", options: ["hosts": ["oa.example"]],
                secrets: ["token": "very-secret"], mapping: ["kinds": [:]], mappingVersion: 2, isActive: true
            )
            try await fixture.commit(book: Self.book) { try $0.installation.set(setting) }
            let (found, all) = try await fixture.read(book: Self.book) {
                (try $0.installation.connector("generic"), try $0.installation.connectors())
            }
            #expect(found == setting && all == [setting])
            let stored = try await fixture.store.read { connection in
                try connection.rows("SELECT sealed_secrets FROM connectors", []).map { try $0.bytes(0) }
            }
            #expect(!String(decoding: stored[0], as: UTF8.self).contains("very-secret"))
            let entries = try await fixture.read(book: Self.book) { try $0.log.entries(from: 0, limit: 10) }
            #expect(entries.allSatisfy { !$0.entry.body.text.contains("very-secret") })
            // Sealed bytes belong to their connector.
            try await fixture.attack("UPDATE connectors SET connector_id = 'other'")
            await #expect(throws: DecryptionError.self) {
                _ = try await fixture.read(book: Self.book) { try $0.installation.connector("other") }
            }
        }
    }
}
