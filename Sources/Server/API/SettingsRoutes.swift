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
        for member in body.members ?? [] { try Self.set(member.name, member.value, in: &change) }
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

    /// What is not known is refused, so that a slip of the pen changes nothing silently.
    private static func set(_ name: String, _ value: JSON, in change: inout SettingsDesk.Change) throws {
        func refuse(_ expected: String) -> DoorError {
            .badParameter(name, expected: expected, found: String(value.text.prefix(80)))
        }
        switch name {
        case "profile":
            guard let profile = value.string.flatMap({ DutyRule.Profile(rawValue: $0) }) else {
                throw refuse("strict or small")
            }
            change.profile = profile
        case "reason":
            guard let text = value.string else { throw refuse("a text") }
            change.reason = text
        case "until":
            guard let day = value.string.flatMap({ Day($0) }) else { throw refuse("a day such as 2026-12-31") }
            change.until = day
        case "automatic_review_authorised_by":
            guard let text = value.string else { throw refuse("a person's id, or an empty text") }
            change.automaticReviewAuthorisedBy = text
        case "publisher_ceiling", "automatic_review_ceiling":
            guard let amount = value.string else { throw refuse("an amount as text, such as 5000.00") }
            if name == "publisher_ceiling" {
                change.publisherCeiling = amount
            } else {
                change.automaticReviewCeiling = amount
            }
        case "needs_cashier_signature", "posts_automatically":
            guard let flag = value.bool else { throw refuse("true or false") }
            if name == "posts_automatically" {
                change.postsAutomatically = flag
            } else {
                change.needsCashierSignature = flag
            }
        default: throw refuse("one of the settings of a book")
        }
    }
}
