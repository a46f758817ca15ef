import Access
import Hummingbird
import Kernel
import Pipeline

/// The routes under `/api/v1/settings`: how a book keeps duties apart, reviews and posts (账套设置).
struct SettingsRoutes {
    let rooms: ServerRooms

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(Self.answer(try await rooms.store.read(book) { try $0.settings() }, at: rooms.clock()))
    }

    /// Changes what the body names.
    func change(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: Form.limit)
        var change = SettingsDesk.Change()
        change.profile = body["profile"]?.string.flatMap { DutyRule.Profile(rawValue: $0) }
        change.reason = body["reason"]?.string
        change.until = body["until"]?.string.flatMap { Day($0) }
        change.publisherCeiling = body["publisher_ceiling"]?.string
        change.needsCashierSignature = body["needs_cashier_signature"]?.bool
        change.postsAutomatically = body["posts_automatically"]?.bool
        change.automaticReviewAuthorisedBy = body["automatic_review_authorised_by"]?.string
        change.automaticReviewCeiling = body["automatic_review_ceiling"]?.string
        _ = try await SettingsDesk(store: rooms.store, clock: rooms.clock)
            .change(change, in: book, by: try context.requireVisitor())
        return try await show(request, context, book)
    }

    /// The settings by the names that a change uses, and the profile that counts today: an exception that has run
    /// out is none.
    static func answer(_ book: Book, at now: Timestamp) -> JSON {
        let settings = book.settings
        let today = Zone.named(book.zoneName).day(of: now)
        func amount(_ minorUnits: Int64) -> JSON { .string(Money(minorUnits: minorUnits, book.currency).text) }
        return settings.duties.json.setting("publisher_ceiling", amount(settings.duties.publisherCeiling)).merging(
            .object([
                ("profile_today", .string(settings.duties.profile(on: today).rawValue)),
                ("needs_cashier_signature", .bool(settings.needsCashierSignature)),
                ("posts_automatically", .bool(settings.postsAutomatically)),
                ("automatic_review_authorised_by", .optional(settings.automaticReviewAuthorisedBy)),
                ("automatic_review_ceiling", amount(settings.automaticReviewCeiling)),
                ("rules", settings.rules),
            ])
        )
    }
}
