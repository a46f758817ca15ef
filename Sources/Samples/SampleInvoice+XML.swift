import Kernel

extension SampleInvoice {
    /// The invoice as the XML of the tax platform, in UTF-8.
    package func xml() -> [UInt8] {
        var xml = XMLWriter()
        xml.element("EInvoice") { xml in
            writeHeader(&xml)
            xml.element("EInvoiceData") { xml in
                writeParties(&xml)
                writeTotals(&xml)
                for line in lines { write(line, &xml) }
                writeSpecifics(&xml)
                xml.element("AdditionalInformation") { $0.element("Remark", remark) }
            }
            xml.element("TaxSupervisionInfo") { xml in
                xml.element("InvoiceNumber", number)
                xml.element("IssueTime", issueDate.text + " 10:00:00")
            }
        }
        return xml.bytes
    }

    private func writeHeader(_ xml: inout XMLWriter) {
        xml.element("Header") { xml in
            xml.element("EIid", number)
            xml.element("Version", "0.37")
            xml.element("InherentLabel") { xml in
                xml.element("InIssuType") { xml in
                    xml.element("LabelCode", originalNumber == nil ? "Y" : "N")
                    xml.element("LabelName", originalNumber == nil ? "蓝字发票" : "红字发票")
                }
                xml.element("GeneralOrSpecialVAT") { xml in
                    xml.element("LabelCode", kind == .special ? "01" : "02")
                    xml.element("LabelName", kind.rawValue)
                }
            }
            if let specialLabel {
                xml.element("UndefinedLabel") { $0.element("Label") { $0.element("LabelName", specialLabel) } }
            }
        }
    }

    private func writeParties(_ xml: inout XMLWriter) {
        xml.element("SellerInformation") { xml in
            xml.element("SellerIdNum", seller.taxId)
            xml.element("SellerName", seller.name)
        }
        xml.element("BuyerInformation") { xml in
            xml.element("BuyerIdNum", buyer.taxId)
            xml.element("BuyerName", buyer.name)
        }
    }

    private func writeTotals(_ xml: inout XMLWriter) {
        xml.element("BasicInformation") { xml in
            xml.element("TotalAmWithoutTax", net.text)
            xml.element("TotalTaxAm", tax?.text ?? "***")
            xml.element("TotalTax-includedAmount", total.text)
            xml.element("TotalTax-includedAmountInChinese", total.inCapitals)
            xml.element("Drawer", drawer)
        }
    }

    private func write(_ line: Line, _ xml: inout XMLWriter) {
        xml.element("IssuItemInformation") { xml in
            xml.element("ItemName", line.name)
            if let unit = line.unit { xml.element("MeaUnits", unit) }
            if let quantity = line.quantity { xml.element("Quantity", quantity.text) }
            if let price = line.unitPrice { xml.element("UnPrice", price.text) }
            xml.element("Amount", line.net.text)
            xml.element("TaxRate", line.rate)
            xml.element("ComTaxAm", line.tax?.text ?? "***")
            xml.element("TotaltaxIncludedAmount", (line.net + (line.tax ?? .zero(.cny))).text)
        }
    }

    private func writeSpecifics(_ xml: inout XMLWriter) {
        guard passenger != nil || originalNumber != nil else { return }
        xml.element("SpecificInformation") { xml in
            if let passenger {
                xml.element("PassengerTransportation") { xml in
                    xml.element("Traveler", passenger)
                    xml.element("DateOfTravel", issueDate.text)
                }
            }
            if let originalNumber {
                xml.element("RedEInvoice") { $0.element("OriginalInvoiceCode", originalNumber) }
            }
        }
    }
}
