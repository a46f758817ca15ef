import Access
import Cryptography
import Hummingbird
import Kernel
import Pipeline

/// Connectors with their deliveries, and the log.
struct OfficePages {
    let rooms: ServerRooms

    func connectors(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let visitor = try context.requireVisitor()
        let all = try await ConnectorList.of(visitor, book, in: rooms.store)
        let chosen = request.query("connector").flatMap { id in all.first { $0.id == id } } ?? all.first
        let cursor = request.query("cursor")
        let page = try await chosen.asyncMap { setting in
            try await rooms.store.read(Book.inbox(of: setting.id)) {
                try DeliveryStanding.page(in: $0, limit: 50, cursor: cursor)
            }
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        let filter = ListFilter(request, ["connector"])
        let view: JSON = .object([
            (
                "connectors",
                .array(
                    all.map { setting in
                        .object([
                            ("id", .string(setting.id)), ("name", .string(setting.name)),
                            ("kind", .string(dress.texts.text("connectorKind", setting.kind))),
                            ("address", .string("/in/" + setting.id)), ("isActive", .bool(setting.isActive)),
                            ("mappingVersion", .integer(setting.mappingVersion)),
                            ("homeBook", .string(setting.homeBook.text)), ("chosen", .bool(setting == chosen)),
                            (
                                "secrets",
                                .string(setting.secrets.keys.sorted().map { $0 + " ••••" }.joined(separator: "，"))
                            ),
                            ("href", .string(filter.address(setting: "connector", setting.id))),
                        ])
                    }
                )
            ),
            (
                "mayEdit",
                .bool(visitor.may(.connectorEdit, in: book) || visitor.may(.connectorEdit, in: Book.installation))
            ),
            (
                "chosen",
                chosen.map { ConnectorList.detail($0, rooms.address(of: request), rooms.integrations.kinds, dress) }
                    ?? .null
            ),
            ("chosenName", .optional(chosen?.name)), ("chosenID", .optional(chosen?.id)),
            ("mayReplay", .bool(visitor.may(.deliveryReplay, in: book))), ("done", dress.done(request.query("done"))),
            ("deliveries", .array((page?.items ?? []).map { ConnectorList.row($0, dress) })),
            ("next", .optional(page?.next.map { filter.address(setting: "cursor", $0) })),
        ])
        return try await desk.page(
            "connectors", nav: "connectors", title: dress.texts.text("nav", "connectors"), view, context, book,
            address: "/connectors"
        )
    }

    func replay(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let connector = try form.require("connector")
        let visitor = try context.requireVisitor()
        try await ConnectorList.require(connector, visitor, book, in: rooms.store)
        try await rooms.cases.replay(try form.require("key"), of: connector, by: visitor)
        return .seeOther(
            "/connectors?connector=\(connector.addingPercentEncodingForQuery)&done=replay"
                + "&book=\(book.text.addingPercentEncodingForQuery)"
        )
    }

    func log(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let visitor = try context.requireVisitor()
        let before = request.query("before").flatMap { Int64($0) }
        let verifies = request.query("verify") != nil && visitor.may(.logVerify, in: book)
        let seen = try await rooms.store.read(book) { try LogPart(in: $0, before: before, verifies: verifies) }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, seen.settings)
        let view: JSON = .object([
            ("entries", .array(seen.entries.reversed().map { LogView.row($0, dress) })),
            ("size", .integer(seen.size)), ("root", .string(seen.root.hex)),
            ("older", seen.first > 0 ? .string("/log?before=\(seen.first)") : .null),
            ("mayVerify", .bool(visitor.may(.logVerify, in: book))),
            ("verified", .bool(seen.verdict == .intact)), ("broken", .bool(seen.verdict == .broken)),
            ("tooLong", .bool(seen.verdict == .tooLong)),
        ])
        return try await desk.page(
            "log", nav: "log", title: dress.texts.text("nav", "log"), view, context, book, address: "/log"
        )
    }
}

/// The connectors a visitor may see: all with the right in the installation, else those of the book.
enum ConnectorList {
    static func of(_ visitor: Visitor, _ book: Book.ID, in store: any BookStore) async throws -> [ConnectorSetting] {
        let all = try await store.read(Book.installation) { try $0.installation.connectors() }
        return visitor.may(.connectorRead, in: Book.installation) ? all : all.filter { $0.homeBook == book }
    }

    /// Refuses a connector that the visitor may not see.
    static func require(
        _ connector: String, _ visitor: Visitor, _ book: Book.ID, in store: any BookStore
    ) async throws {
        guard try await of(visitor, book, in: store).contains(where: { $0.id == connector }) else {
            throw DoorError.notFound("connector " + connector)
        }
    }

    /// What stands beside the deliveries of a connector: its address, and what can be done with it.
    static func detail(
        _ setting: ConnectorSetting, _ address: String, _ kinds: [ConnectorKind], _ dress: Dress
    ) -> JSON {
        let kind = kinds.first { $0.id == setting.kind }
        let secrets = (kind?.fields ?? []).filter { $0.form == .secret && kind?.makesItsSecret != true }
        return .object([
            ("id", .string(setting.id)), ("callback", .string(address + "/in/" + setting.id)),
            ("isActive", .bool(setting.isActive)),
            ("example", .optional(ConnectorExample.shell(setting, at: address))),
            ("makesSecret", .bool(kind?.makesItsSecret == true)),
            ("takesMapping", .bool(kind?.needsMapping == true)),
            ("hasPrevious", .bool(setting.secrets["previous_secret"] != nil)),
            (
                "secretFields",
                .array(
                    secrets.map {
                        ["name": .string($0.name), "label": .string($0.label.text(in: dress.language))]
                    }
                )
            ),
        ])
    }

    static func row(_ standing: DeliveryStanding, _ dress: Dress) -> JSON {
        let delivery = standing.delivery
        return .object([
            ("key", .string(delivery.key)), ("at", .string(dress.time(delivery.receivedAt))),
            (
                "state",
                [
                    "code": .string(mark(delivery.state)),
                    "label": .string(dress.texts.text("delivery", delivery.state.rawValue)),
                ]
            ),
            ("attempts", .integer(standing.attempts)), ("size", .integer(delivery.payload.count)),
            ("dueAgain", .optional(standing.nextAttemptAt.map { dress.time($0) })),
            ("problem", dress.problem(standing.problem)), ("isReplayable", .bool(standing.isReplayable)),
            ("case", .optional(delivery.caseID?.text)),
            ("caseBook", .optional(delivery.caseBook?.text)),
            ("digest", .string(String(delivery.digest.hex.prefix(12)))),
        ])
    }

    private static func mark(_ state: Delivery.State) -> String {
        switch state {
        case .pending: "running"
        case .done: "good"
        case .irrelevant: "nothing_to_book"
        case .held: "held"
        case .conflict: "conflict"
        }
    }
}

/// A stretch of a book's log, and whether the whole of it still proves itself.
struct LogPart: Sendable {
    static let pageLength: Int64 = 100
    /// A longer log is verified on the command line.
    static let verifyLimit: Int64 = 20_000

    enum Verdict: Sendable {
        case notAsked
        case intact
        case broken
        case tooLong
    }

    let settings: Book
    let size: Int64
    let root: Digest
    let first: Int64
    let entries: [StoredLogEntry]
    let verdict: Verdict

    init(in records: any Records, before: Int64?, verifies: Bool) throws {
        settings = try records.settings()
        size = try records.log.size()
        root = try records.log.root()
        let end = max(0, min(before ?? size, size))
        first = max(0, end - Self.pageLength)
        entries = try records.log.entries(from: first, limit: Int(end - first))
        verdict = verifies ? try Self.verdict(of: records.log, size: size, root: root) : .notAsked
    }

    /// Recomputes every leaf and the root of the tree.
    private static func verdict(of log: any LogRepository, size: Int64, root: Digest) throws -> Verdict {
        guard size <= verifyLimit else { return .tooLong }
        let all = try log.entries(from: 0, limit: Int(size))
        guard Int64(all.count) == size, all.allSatisfy({ $0.entry.leaf == $0.leaf }) else { return .broken }
        return MerkleTree(leaves: all.map(\.leaf)).root == root ? .intact : .broken
    }
}

/// One log entry as pages show it.
enum LogView {
    static func row(_ stored: StoredLogEntry, _ dress: Dress) -> JSON {
        let entry = stored.entry
        let parts = entry.subject.split(separator: ":", maxSplits: 1).map(String.init)
        let href: String? =
            switch parts.first {
            case "case" where parts.count > 1: "/cases/" + parts[1].addingPercentEncodingForQuery
            case "voucher" where parts.count > 1: "/vouchers/" + parts[1].addingPercentEncodingForQuery
            default: nil
            }
        let body = (entry.body.members ?? []).map { "\($0.name) = \($0.value.string ?? $0.value.text)" }
        return .object([
            ("sequence", .integer(entry.sequence)), ("at", .string(dress.time(entry.at))),
            ("actor", .string(entry.actor)), ("kind", .string(entry.kind)),
            ("label", .string(dress.texts.text("logKind", entry.kind))), ("subject", .string(entry.subject)),
            ("href", .optional(href)), ("body", .string(String(body.joined(separator: "，").prefix(600)))),
            ("leaf", .string(String(stored.leaf.hex.prefix(16)))),
        ])
    }
}

extension Optional where Wrapped: Sendable {
    /// What a value becomes, when there is one.
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
