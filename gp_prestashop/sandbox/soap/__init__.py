"""The web-service side of the stand-in GP: SOAP 1.1 with a WSDL and Windows authentication."""
