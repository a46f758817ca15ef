import Markup

/// The label the tax bureau prints on invoices of certain trades (特定业务).
struct SpecialLabel {
    let text: String

    /// The labels as they are printed.
    private static let printed: Set<String> = [
        "旅客运输服务", "通行费", "建筑服务", "货物运输服务", "不动产经营租赁服务", "不动产销售", "成品油", "自产农产品销售", "农产品收购", "代收车船税",
        "机动车", "二手车", "稀土", "卷烟", "光伏收购", "医疗服务", "报废产品收购", "拖拉机和联合收割机",
    ]

    /// Part of the name of the element below `SpecificInformation`, and what it stands for.
    ///
    /// Only three of these names are documented; the others are matched by the word they must contain.
    private static let byElement: [(String, String)] = [
        ("PassengerTransport", "旅客运输服务"), ("Toll", "通行费"), ("Construction", "建筑服务"), ("Freight", "货物运输服务"),
        ("GoodsTransport", "货物运输服务"), ("Leas", "不动产经营租赁服务"), ("Rent", "不动产经营租赁服务"), ("EstateSale", "不动产销售"),
        ("PropertySale", "不动产销售"), ("Oil", "成品油"), ("Vessel", "代收车船税"), ("Agricultur", "自产农产品销售"),
        ("UsedVehicle", "二手车"), ("UsedCar", "二手车"), ("SecondHand", "二手车"), ("MotorVehicle", "机动车"),
    ]

    /// The printed label, if the text is exactly one.
    init?(printed text: String) {
        guard Self.printed.contains(text) else { return nil }
        self.text = text
    }

    init?(element name: String) {
        guard let entry = Self.byElement.first(where: { name.contains($0.0) }) else { return nil }
        text = entry.1
    }

    /// The first label among the texts below an element.
    static func first(in element: XMLElement) -> String? {
        if let label = SpecialLabel(printed: element.trimmed) { return label.text }
        return element.children.lazy.compactMap { first(in: $0) }.first
    }
}
