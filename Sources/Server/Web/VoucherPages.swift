import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// The list of vouchers, one voucher, and what persons do with it.
struct VoucherPages {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let query = try VoucherListQuery.read(request)
        let (page, settings, periods) = try await rooms.store.read(book) {
            (try $0.vouchers.page(query), try $0.settings(), try $0.ledger.periods())
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, settings)
        let filter = ListFilter(request, ["state", "period", "account", "q"])
        let states = VoucherState.allCases.map {
            filter.chip("state", $0.rawValue, dress.texts.text("state", $0.rawValue), count: nil)
        }
        let view: JSON = .object([
            ("items", .array(page.items.map(dress.row))), ("states", .array(states)), ("all", filter.all("state")),
            (
                "periods",
                .array(
                    periods.reversed().map {
                        ["code": .string($0.period.text), "chosen": .bool($0.period == query.period)]
                    }
                )
            ),
            ("q", .optional(request.query("q"))), ("hidden", filter.hidden(except: "q")),
            ("hiddenForPeriod", filter.hidden(except: "period")), ("filtered", .bool(filter.isActive)),
            ("account", .optional(query.account?.text)),
            ("next", .optional(page.next.map { filter.address(setting: "cursor", $0) })),
        ])
        return try await desk.page(
            "vouchers", nav: "vouchers", title: dress.texts.text("nav", "vouchers"), view, context, book,
            address: "/vouchers"
        )
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Voucher.ID(try context.parameters.require("id"))
        let visitor = try context.requireVisitor()
        guard let file = try await rooms.store.read(book, { try VoucherFile(id, in: $0) }) else {
            throw VoucherDeskError.unknown(id)
        }
        let names = try await rooms.store.read(Book.installation) { try $0.installation.people() }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, file.settings)
        let view = VoucherView(
            file: file, people: names, dress: dress, visitor: visitor, book: book, now: rooms.clock()
        ).json
            .setting("done", dress.done(request.query("done")))
        return try await desk.page(
            "voucher", nav: "vouchers", title: file.record.number?.text ?? file.record.reference.text, view, context,
            book, address: "/vouchers/" + id.text
        )
    }

    func act(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Voucher.ID(try context.parameters.require("id"))
        let word = try form.require("act")
        let visitor = try context.requireVisitor()
        guard let act = VoucherAct(word: word, reason: form["reason"] ?? "") else {
            throw DoorError.badParameter("act", expected: VoucherAct.words.joined(separator: ", "), found: word)
        }
        let version = form["version"].flatMap { Int64($0) }
        _ = try await rooms.vouchers.act(act, on: id, in: book, by: visitor, version: version)
        return act == .discard
            ? PageDesk(rooms).done("/vouchers", word, book) : PageDesk(rooms).done("/vouchers/" + id.text, word, book)
    }

    /// A reversal cannot be taken back, so its form asks for the voucher's number to be typed.
    func reverse(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Voucher.ID(try context.parameters.require("id"))
        let typed = form["confirmation"] ?? ""
        guard let record = try await rooms.store.read(book, { try $0.vouchers.find(id) }) else {
            throw VoucherDeskError.unknown(id)
        }
        let number = record.number?.text ?? record.reference.text
        guard typed == number else {
            throw DoorError.badParameter("confirmation", expected: number, found: typed)
        }
        let filed = try await rooms.vouchers.reverse(
            id, in: book, by: try context.requireVisitor(), reason: form["reason"] ?? ""
        )
        return PageDesk(rooms).done("/vouchers/" + filed.voucher.id.text, "reverse", book)
    }
}

/// One voucher with what its page shows beside it.
struct VoucherFile: Sendable {
    let record: VoucherRecord
    let settings: Book
    let chart: Chart
    let items: [MasterItem]
    let theCase: Case?
    let evidence: [EvidenceRecord]
    /// The voucher that takes this one back, posted or not.
    let reversal: VoucherRecord?
    /// The voucher that this one takes back.
    let reversed: VoucherRecord?
    let periods: [PeriodRecord]
    let log: [StoredLogEntry]

    init?(_ id: Voucher.ID, in records: any Records) throws {
        guard let found = try records.vouchers.find(id) else { return nil }
        record = found
        settings = try records.settings()
        chart = try records.masterData.chart()
        let used = Set(found.voucher.lines.flatMap(\.dimensions.items))
        items = try records.masterData.items().filter { item in
            used.contains(Dimensions.Item(kind: item.dimension, code: item.code))
        }
        theCase = try found.caseID.flatMap { try records.cases.find($0) }
        evidence = try found.caseID.map { try records.evidence.evidence(of: $0) } ?? []
        reversal = try records.vouchers.reversal(of: id)
        reversed = try found.voucher.reverses.flatMap { try records.vouchers.find($0) }
        periods = try records.ledger.periods()
        log = try records.log.entries(subject: "voucher:" + id.text, limit: CaseFile.logLimit)
    }
}
