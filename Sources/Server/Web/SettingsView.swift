import Access
import Kernel
import Pipeline

/// The settings of a book as the page of the book shows them (账套设置).
enum SettingsView {
    /// Up to what amount vouchers are reviewed automatically; `nil` when none are.
    static func ceiling(of book: Book) -> Money? {
        book.settings.automaticReviewAuthorisedBy == nil
            ? nil : Money(minorUnits: book.settings.automaticReviewCeiling, book.currency)
    }

    static func json(_ book: Book, _ dress: Dress, at now: Timestamp) -> JSON {
        let settings = book.settings
        let today = Zone.named(book.zoneName).day(of: now)
        let exception = settings.duties.exception
        func yesNo(_ flag: Bool) -> JSON { .string(dress.texts.text("settings", flag ? "yes" : "no")) }
        func money(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, book.currency) }
        let ceiling = ceiling(of: book)
        let review = settings.automaticReviewAuthorisedBy.map { "\($0) · ≤ \(dress.amount(ceiling ?? money(0)))" }
        return .object([
            ("isSmall", .bool(settings.duties.profile(on: today) == .small)), ("hasException", .bool(exception != nil)),
            ("reason", .optional(exception?.reason)), ("until", .optional(exception?.until.text)),
            ("allowedBy", .optional(exception?.allowedBy.text)),
            ("publisherCeiling", .string(dress.amount(money(settings.duties.publisherCeiling)))),
            ("cashier", yesNo(settings.needsCashierSignature)), ("posts", yesNo(settings.postsAutomatically)),
            ("review", .string(review ?? dress.texts.text("settings", "off"))), ("today", .string(today.text)),
            ("lastEnd", .string(today.adding(days: DutyPolicy.longestExceptionDays).text)),
            ("signs", .bool(settings.needsCashierSignature)), ("postsItself", .bool(settings.postsAutomatically)),
            ("publisherText", .string(money(settings.duties.publisherCeiling).text)),
            ("ceilingText", .optional(ceiling?.text)),
        ])
    }
}
