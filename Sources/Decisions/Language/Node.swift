/// An expression as it was read: names are bound to slots where that is possible before evaluation.
indirect enum Node: Sendable {
    case constant(Value)
    /// A value on the evaluator's stack, counted from the frame of the current function.
    case local(Int)
    case global(Name)
    /// An entry of the filtered item at a slot if that has it, else what the name means outside.
    case implicit(name: Name, item: Int, otherwise: Node)
    /// A date and time with a named zone; what it is depends on the surroundings.
    case temporal(String)

    case list([Node])
    case context([Entry])
    case range(start: Node, end: Node, includesStart: Bool, includesEnd: Bool)
    /// `(< 10)`, `(!= 3)`: a range made of one comparison.
    case comparisonRange(Comparison, Node)

    case negation(Node)
    case arithmetic(Arithmetic, Node, Node)
    case comparison(Comparison, Node, Node)
    case conjunction([Node])
    case disjunction([Node])
    case between(Node, Node, Node)
    case membership(Node, [Test])
    case instance(Node, TypeName)

    case conditional(Node, then: Node, otherwise: Node)
    /// `partial` lies at the slot, the iterators' values behind it.
    case iteration([Iterator], slot: Int, body: Node)
    case quantified(isEvery: Bool, [Iterator], condition: Node)
    case filter(Node, condition: Node, slot: Int)
    case path(Node, Name)

    /// The parameters follow the `slot` values that the function captures.
    case function(parameters: [String], types: [TypeName?], slot: Int, body: Node)
    case builtin(Builtin, [Node], names: [String]?)
    /// A call whose function is found when it is made; a builtin of the same name helps out where there is none.
    case call(Node, [Node], names: [String]?, otherwise: Builtin?)

    struct Entry: Sendable {
        let name: String
        let node: Node
    }

    struct Iterator: Sendable {
        let domain: Node
        /// The other end, where the domain is written `a..b`.
        let end: Node?
    }

    /// One test of a value: `< 10`, `[1..3]`, `"a"`, or an expression with `?`.
    enum Test: Sendable {
        case any
        case comparison(Comparison, Node)
        case value(Node)
        /// An expression over `?`: its truth is the answer.
        case condition(Node)
    }

    enum Arithmetic: Sendable {
        case add, subtract, multiply, divide, power
    }

    enum Comparison: String, Sendable {
        case equal = "="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }
}
