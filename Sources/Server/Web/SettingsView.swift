import Access
import Kernel
import Pipeline

/// The settings of a book as the page of master data shows them (账套设置).
enum SettingsView {
    static func json(_ book: Book, _ dress: Dress, at now: Timestamp) -> JSON {
        let settings = book.settings
        let today = Zone.named(book.zoneName).day(of: now)
        let exception = settings.duties.exception
        func yesNo(_ flag: Bool) -> JSON { .string(dress.texts.text("settings", flag ? "yes" : "no")) }
        func amount(_ minorUnits: Int64) -> String { dress.amount(Money(minorUnits: minorUnits, book.currency)) }
        let review = settings.automaticReviewAuthorisedBy.map {
            "\($0) · ≤ \(amount(settings.automaticReviewCeiling))"
        }
        return .object([
            ("isSmall", .bool(settings.duties.profile(on: today) == .small)), ("hasException", .bool(exception != nil)),
            ("reason", .optional(exception?.reason)), ("until", .optional(exception?.until.text)),
            ("allowedBy", .optional(exception?.allowedBy.text)),
            ("publisherCeiling", .string(amount(settings.duties.publisherCeiling))),
            ("cashier", yesNo(settings.needsCashierSignature)), ("posts", yesNo(settings.postsAutomatically)),
            ("review", .string(review ?? dress.texts.text("settings", "no"))), ("today", .string(today.text)),
        ])
    }
}
