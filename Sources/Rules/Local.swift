import Decisions

/// What a round of a repetition is about: an item, an e-voucher of it, or something with a name of its own.
///
/// Items are named by their number, since values of an item may be worked out while a round is under way.
struct Local {
    var item: Int?
    var ticket: Int?
    var own = Context()

    static let none = Local()
}
