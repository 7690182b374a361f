"""Connector to Microsoft Dynamics GP: reads by SQL, writes by eConnect procedures or web services. Knows no shop."""
