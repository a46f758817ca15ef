import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// The routes under `/api/v1/vouchers` and `/api/v1/evidence`.
struct VoucherRoutes {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let query = try VoucherListQuery.read(request)
        let page = try await rooms.store.read(book) { try $0.vouchers.page(query) }
        return .json(["items": .array(page.items.map(\.answer)), "next_cursor": .optional(page.next)])
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Voucher.ID(try context.parameters.require("id"))
        guard let record = try await rooms.store.read(book, { try $0.vouchers.find(id) }) else {
            throw VoucherDeskError.unknown(id)
        }
        return .json(record.answer)
    }

    /// The right that the act itself needs is asked by the desk.
    func act(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Voucher.ID(try context.parameters.require("id"))
        let word = try context.parameters.require("act")
        let visitor = try context.requireVisitor()
        let body = try await request.bytes(upTo: 64 << 10)
        let form = body.isEmpty ? JSON.object([JSON.Member]()) : try JSON(parsing: body)
        let reason = form["reason"]?.string ?? ""
        if word == "reverse" {
            return .json(try await rooms.vouchers.reverse(id, in: book, by: visitor, reason: reason).answer)
        }
        guard let act = VoucherAct(word: word, reason: reason) else {
            throw DoorError.badParameter("act", expected: VoucherAct.words.joined(separator: ", "), found: word)
        }
        let version = form["version"]?.integer.map(Int64.init)
        return .json(try await rooms.vouchers.act(act, on: id, in: book, by: visitor, version: version).answer)
    }

    func evidenceList(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let (text, limit, cursor) = (request.query("q"), try request.limit(), request.query("cursor"))
        let page = try await rooms.store.read(book) { try $0.evidence.page(text: text, limit: limit, cursor: cursor) }
        return .json(["items": .array(page.items.map(\.answer)), "next_cursor": .optional(page.next)])
    }

    func evidence(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(try await record(context, book).answer)
    }

    func original(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let record = try await record(context, book)
        return try await OriginalAnswer.response(record, in: book, rooms)
    }

    func record(_ context: DoorContext, _ book: Book.ID) async throws -> EvidenceRecord {
        let id = try context.parameters.require("id")
        guard let record = try await rooms.store.read(book, { try $0.evidence.find(id) }) else {
            throw DoorError.notFound("evidence " + id)
        }
        return record
    }
}

/// The list's filters, as they stand in the address.
enum VoucherListQuery {
    static func read(_ request: Request) throws(DoorError) -> VoucherQuery {
        var states: [VoucherState] = []
        for word in (request.query("state") ?? "").split(separator: ",") {
            guard let state = VoucherState(rawValue: String(word)) else {
                let names = VoucherState.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badParameter("state", expected: "one of \(names)", found: String(word))
            }
            states.append(state)
        }
        let period = request.query("period")
        if let period, Period(period) == nil {
            throw .badParameter("period", expected: "YYYY-MM", found: period)
        }
        return VoucherQuery(
            states: states, period: period.flatMap { Period($0) },
            account: request.query("account").flatMap { AccountCode($0) }, text: request.query("q"),
            limit: try request.limit(), cursor: request.query("cursor")
        )
    }
}

extension VoucherAct {
    /// What a person may ask for by name; reversal has a door of its own.
    static let words = ["submit", "approve", "return", "sign", "unapprove", "post", "discard"]

    init?(word: String, reason: String) {
        switch word {
        case "submit": self = .submit
        case "approve": self = .approve
        case "return": self = .sendBack(reason: reason)
        case "sign": self = .signAsCashier
        case "unapprove": self = .unapprove
        case "post": self = .post
        case "discard": self = .discard
        default: return nil
        }
    }
}

/// The bytes of an original, exactly as they came (S-5).
enum OriginalAnswer {
    static func response(_ record: EvidenceRecord, in book: Book.ID, _ rooms: ServerRooms) async throws -> Response {
        guard let bytes = try await rooms.store.read(book, { try $0.originals.bytes(record.digest) }) else {
            throw DoorError.notFound("original " + record.digest.hex)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream",
                .contentDisposition: "attachment; filename*=UTF-8''" + record.fileName.addingPercentEncodingForQuery,
                .contentSecurityPolicy: "sandbox",
            ],
            body: ResponseBody(byteBuffer: .init(bytes: bytes))
        )
    }
}
